namespace Tessera.Cli.Demo;

/// <summary>An id and whose it is.</summary>
internal sealed record DemoId(string Id, DemoEntity Entity);

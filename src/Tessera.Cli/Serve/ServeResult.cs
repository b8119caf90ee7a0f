namespace Tessera.Cli.Serve;

/// <summary>What <c>serve</c> prints once it listens.</summary>
internal sealed record ServeResult(string Address, int ProcessId);

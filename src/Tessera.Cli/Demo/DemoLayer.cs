namespace Tessera.Cli.Demo;

/// <summary>A layer of the map.</summary>
/// <param name="Layer">From 0, the entities.</param>
/// <param name="Count">Entities or clusters in it.</param>
internal sealed record DemoLayer(int Layer, int Count);

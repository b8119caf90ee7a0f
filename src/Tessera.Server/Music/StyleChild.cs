namespace Tessera.Server.Music;

/// <summary>A child genre and its patterns.</summary>
internal sealed record StyleChild(string Name, int Patterns);

namespace Tessera.Server.Music;

/// <summary>A parent genre, its own patterns, and its children.</summary>
internal sealed record StyleParent(string Name, int Patterns, IReadOnlyList<StyleChild> Children);

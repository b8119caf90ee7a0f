namespace Tessera.Server.Colors;

/// <summary>A named colour of CSS.</summary>
internal readonly record struct ColorName(string Name, string Hex);

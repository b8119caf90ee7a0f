namespace Tessera.Server.Colors;

/// <summary>A value that images have, and how many.</summary>
/// <param name="Name">The value.</param>
/// <param name="Count">Images.</param>
/// <param name="Hex">Of a class of colours, what it looks like.</param>
internal sealed record FacetValue(string Name, int Count, string? Hex = null);

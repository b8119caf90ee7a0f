namespace Tessera.Colors.Collections;

/// <summary>How many images have a value.</summary>
/// <param name="Value">A class of colours, a folder, a tag or a year.</param>
/// <param name="Images">How many.</param>
public readonly record struct FacetCount(string Value, int Images);

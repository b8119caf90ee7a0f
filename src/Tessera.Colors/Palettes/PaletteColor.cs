using Tessera.Colors.Spaces;

namespace Tessera.Colors.Palettes;

/// <summary>A colour of a palette.</summary>
/// <param name="Color">The mean of what it stands for.</param>
/// <param name="Share">The share of the image, 0 to 1.</param>
public readonly record struct PaletteColor(LabColor Color, float Share);

using Tessera.Colors.Histograms;
using Tessera.Colors.Images;
using Tessera.Colors.Palettes;

namespace Tessera.Colors.Evaluation;

/// <summary>A generated image whose colours are known.</summary>
/// <param name="Image">The pixels.</param>
/// <param name="Palette">The number of the palette that it was painted from.</param>
/// <param name="Parts">What was painted: the palette's colours, a little off, with the areas that they have here.</param>
public sealed record PlantedImage(DecodedImage Image, int Palette, IReadOnlyList<PaletteColor> Parts);

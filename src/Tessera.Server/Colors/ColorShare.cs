using Tessera.Colors.Palettes;
using Tessera.Colors.Spaces;

namespace Tessera.Server.Colors;

/// <summary>A colour and its share of an image.</summary>
internal readonly record struct ColorShare(string Hex, double Share)
{
    public static IReadOnlyList<ColorShare> Of(IEnumerable<PaletteColor> palette) =>
        [.. palette.Select(color => new ColorShare(color.Color.ToRgb().ToHex(), Math.Round(color.Share, 4)))];
}

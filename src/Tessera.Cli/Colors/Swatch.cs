using Tessera.Cli.Rendering;
using Tessera.Colors.Palettes;
using Tessera.Colors.Queries;

namespace Tessera.Cli.Colors;

/// <summary>A colour of a palette.</summary>
internal sealed record Swatch(string Color, double Share, string Name)
{
    public static Swatch Of(PaletteColor part) => new(part.Color.ToHex(), Figures.Significant(part.Share, 3), CssColors.NameOf(part.Color));

    public static IReadOnlyList<Swatch> Of(IEnumerable<PaletteColor> palette) => [.. palette.Select(Of)];
}

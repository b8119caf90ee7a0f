using Spectre.Console;

namespace Tessera.Cli.Colors;

/// <summary>Palettes as blocks of colour, or, where there is no colour, as their codes.</summary>
internal static class SwatchText
{
    private const int Width = 24;

    /// <summary>Blocks whose widths are the shares.</summary>
    public static string Bar(IAnsiConsole console, IReadOnlyList<Swatch> palette)
    {
        if (console.Profile.Capabilities.ColorSystem < ColorSystem.TrueColor)
            return Markup.Escape(string.Join(' ', palette.Take(4).Select(swatch => swatch.Color)));
        return string.Concat(palette.Select(swatch => $"[on {swatch.Color}]{new string(' ', Math.Max(1, (int)Math.Round(swatch.Share * Width)))}[/]"));
    }

    /// <summary>A block of one colour.</summary>
    public static string Block(IAnsiConsole console, string color) =>
        console.Profile.Capabilities.ColorSystem < ColorSystem.TrueColor ? "" : $"[on {color}]    [/] ";
}

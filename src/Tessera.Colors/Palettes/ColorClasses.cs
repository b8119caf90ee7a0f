using Tessera.Colors.Spaces;

namespace Tessera.Colors.Palettes;

/// <summary>Sorts colours into classes by hue, lightness and chroma.</summary>
public static class ColorClasses
{
    /// <summary>The classes.</summary>
    public static IReadOnlyList<ColorClass> All { get; } = Enum.GetValues<ColorClass>();

    /// <summary>The class of a colour.</summary>
    public static ColorClass Of(LabColor color)
    {
        float l = color.L, chroma = color.Chroma, hue = color.Hue;
        if (chroma < 9 || (l < 9 && chroma < 25))
            return l < 20 ? ColorClass.Black : l < 86 ? ColorClass.Grey : ColorClass.White;
        return hue switch
        {
            < 18 or >= 345 => l < 50 ? ColorClass.Red : ColorClass.Pink,
            < 52 => l >= 68 ? ColorClass.Pink : l < 40 && chroma < 62 ? ColorClass.Brown : ColorClass.Red,
            < 85 => l < 60 || chroma < 40 ? ColorClass.Brown : ColorClass.Orange,
            < 112 => l >= 60 ? ColorClass.Yellow : hue < 95 ? ColorClass.Brown : ColorClass.Green,
            < 175 => ColorClass.Green,
            < 225 => ColorClass.Teal,
            < 308 => ColorClass.Blue,
            _ => l >= 65 ? ColorClass.Pink : ColorClass.Purple,
        };
    }

    /// <summary>The dominant class: the one that has the largest share of a palette; of equals, the one named first.</summary>
    /// <exception cref="ArgumentException">The palette is empty.</exception>
    public static ColorClass Of(IReadOnlyList<PaletteColor> palette)
    {
        ArgumentNullException.ThrowIfNull(palette);
        if (palette.Count == 0)
            throw new ArgumentException("The palette is empty; give at least one colour.", nameof(palette));
        Span<float> shares = stackalloc float[All.Count];
        foreach (PaletteColor entry in palette)
            shares[(int)Of(entry.Color)] += entry.Share;
        int best = 0;
        for (int i = 1; i < shares.Length; i++)
            best = shares[i] > shares[best] ? i : best;
        return (ColorClass)best;
    }
}

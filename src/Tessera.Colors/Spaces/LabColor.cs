namespace Tessera.Colors.Spaces;

/// <summary>A colour in CIE L*a*b* under D65, where distances are about those that people see.</summary>
/// <param name="L">Lightness, 0 (black) to 100 (white).</param>
/// <param name="A">From green (negative) to red; sRGB has -86.2 to 98.3.</param>
/// <param name="B">From blue (negative) to yellow; sRGB has -107.9 to 94.5.</param>
public readonly record struct LabColor(float L, float A, float B)
{
    /// <summary>How far from grey: the length of (a, b).</summary>
    public float Chroma => MathF.Sqrt(A * A + B * B);

    /// <summary>The direction of (a, b) in degrees, 0 to 360: about 40 is red, 103 yellow, 136 green, 306 blue. Says nothing for a grey.</summary>
    public float Hue => (MathF.Atan2(B, A) * (180 / MathF.PI) + 360) % 360;

    /// <summary>The colour of an sRGB colour.</summary>
    public static LabColor FromRgb(RgbColor color) => Srgb.ToLab(color.R, color.G, color.B);

    /// <summary>The nearest sRGB colour, channel by channel: what lies outside of sRGB is clamped.</summary>
    public RgbColor ToRgb() => Srgb.FromLab(this);

    /// <summary>The colour as <c>#rrggbb</c>, clamped to sRGB.</summary>
    public string ToHex() => ToRgb().ToHex();

    /// <summary>Squared distance (CIE76): 5 is a difference of 2.2, just seen; black and white are 10,000 apart.</summary>
    public float SquaredDistanceTo(LabColor other)
    {
        float l = L - other.L, a = A - other.A, b = B - other.B;
        return l * l + a * a + b * b;
    }

    /// <summary>Distance (CIE76, the length of the difference).</summary>
    public float DistanceTo(LabColor other) => MathF.Sqrt(SquaredDistanceTo(other));
}

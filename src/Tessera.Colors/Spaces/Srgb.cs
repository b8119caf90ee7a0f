namespace Tessera.Colors.Spaces;

/// <summary>sRGB (IEC 61966-2-1) to CIE L*a*b* and back, both with the white of D65.</summary>
internal static class Srgb
{
    // The white point as the rows of the matrix below add up to it: a grey then has a* = b* = 0 up to rounding.
    internal const double WhiteX = 0.4124564 + 0.3575761 + 0.1804375, WhiteZ = 0.0193339 + 0.1191920 + 0.9503041;

    // The cube root gives way to a line below (6/29)^3.
    private const double Knee = 216.0 / 24389, Slope = 24389.0 / 27;

    internal static readonly double[] Linear = [.. Enumerable.Range(0, 256).Select(value => ToLinear(value / 255.0))];

    public static LabColor ToLab(byte red, byte green, byte blue)
    {
        double r = Linear[red], g = Linear[green], b = Linear[blue];
        double x = Bend((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / WhiteX);
        double y = Bend(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
        double z = Bend((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / WhiteZ);
        return new LabColor((float)Math.Clamp(116 * y - 16, 0, 100), (float)(500 * (x - y)), (float)(200 * (y - z)));
    }

    public static RgbColor FromLab(LabColor color)
    {
        double fy = (color.L + 16) / 116;
        double x = Unbend(fy + color.A / 500) * WhiteX, y = Unbend(fy), z = Unbend(fy - color.B / 200) * WhiteZ;
        return new RgbColor(
            ToByte(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
            ToByte(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
            ToByte(0.0556434 * x - 0.2040259 * y + 1.0572252 * z));
    }

    internal static double Bend(double t) => t > Knee ? Math.Cbrt(t) : (Slope * t + 16) / 116;

    private static double Unbend(double f) => f * f * f > Knee ? f * f * f : (116 * f - 16) / Slope;

    private static double ToLinear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static byte ToByte(double linear)
    {
        double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.Pow(linear, 1 / 2.4) - 0.055;
        return (byte)Math.Round(Math.Clamp(value, 0, 1) * 255);
    }
}

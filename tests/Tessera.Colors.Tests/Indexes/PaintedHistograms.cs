using Tessera.Colors.Histograms;
using Tessera.Colors.Spaces;
using Tessera.Vectors;

namespace Tessera.Colors.Tests.Indexes;

/// <summary>Histograms of pictures of a few themes, each of some colours that vary a little, with weights that vary a lot.</summary>
internal static class PaintedHistograms
{
    /// <summary>Hellinger transforms.</summary>
    public static Matrix Make(int images, int seed = 1, int themes = 40)
    {
        var palettes = new Random(7);
        LabColor[][] theme = [.. Enumerable.Range(0, themes).Select(_ => Enumerable.Range(0, 1 + palettes.Next(5)).Select(_ => Any(palettes)).ToArray())];
        var random = new Random(seed);
        var values = new float[images * HistogramGrid.TotalBins];
        for (int image = 0; image < images; image++)
        {
            Span<float> histogram = values.AsSpan(image * HistogramGrid.TotalBins, HistogramGrid.TotalBins);
            (LabColor, float)[] colors = [.. theme[random.Next(themes)].SelectMany(color => Enumerable.Range(0, 6).Select(_ => (Near(color, random), random.NextSingle() + 0.05f)))];
            ColorHistogram.Compute(colors, histogram);
            ColorHistogram.ToHellinger(histogram, histogram);
        }

        return new Matrix(values, HistogramGrid.TotalBins);
    }

    private static LabColor Any(Random random) => LabColor.FromRgb(new RgbColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));

    private static LabColor Near(LabColor color, Random random) =>
        new(color.L + random.NextSingle() * 16 - 8, color.A + random.NextSingle() * 16 - 8, color.B + random.NextSingle() * 16 - 8);
}

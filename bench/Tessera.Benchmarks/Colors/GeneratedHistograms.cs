using Tessera.Colors.Histograms;
using Tessera.Colors.Spaces;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Colors;

/// <summary>Histograms like those of photographs: a few areas, each of a colour that varies in lightness more than in hue. 100 to 200 bins are not zero.</summary>
internal static class GeneratedHistograms
{
    private const int Shades = 24;

    /// <summary>Hellinger transforms; the same seed makes the same ones.</summary>
    public static Matrix Make(int images, int seed)
    {
        var values = new float[images * HistogramGrid.TotalBins];
        Parallel.For(0, images, image =>
        {
            var random = new Random(unchecked(seed * 1_000_003 + image));
            Span<float> histogram = values.AsSpan(image * HistogramGrid.TotalBins, HistogramGrid.TotalBins);
            float sum = 0;
            for (int areas = 2 + random.Next(4); areas > 0; areas--)
            {
                var color = LabColor.FromRgb(new RgbColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
                float size = 0.05f + random.NextSingle();
                for (int shade = 0; shade < Shades; shade++)
                {
                    var near = new LabColor(color.L + Spread(random, 14), color.A + Spread(random, 6), color.B + Spread(random, 6));
                    HistogramGrid.AddTo(histogram, near, size);
                    sum += size;
                }
            }

            foreach (ref float share in histogram)
                share /= sum;
            ColorHistogram.ToHellinger(histogram, histogram);
        });
        return new Matrix(values, HistogramGrid.TotalBins);
    }

    private static float Spread(Random random, float deviation) => deviation * (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f) * 2;
}

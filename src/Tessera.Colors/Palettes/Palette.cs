using Tessera.Clustering;
using Tessera.Colors.Histograms;
using Tessera.Colors.Images;
using Tessera.Colors.Spaces;
using Tessera.Vectors;

namespace Tessera.Colors.Palettes;

/// <summary>
/// The few colours that an image is made of: k-means in L*a*b* finds more clusters than are wanted, and the pairs whose union
/// costs least (Ward) are put together until so many are left. So a small accent far from all else outlives the shades of a large area.
/// The same image always has the same palette.
/// </summary>
public static class Palette
{
    /// <summary>Most colours of a palette.</summary>
    public const int MaxColors = 24;

    /// <summary>Pixels that clusters are made of: enough for 40 of an accent of 1%.</summary>
    private const int Sample = 4096;

    /// <summary>Squared distance below which two colours are one to the eye, in a palette.</summary>
    private const float Alike = 6 * 6;

    /// <summary>A smaller share is an edge between colours rather than a colour.</summary>
    private const float LeastShare = 0.01f;

    /// <summary>Bins of a histogram that are clusters by themselves, the heaviest ones: all pairs are looked at again after each union.</summary>
    private const int HeaviestBins = 160;

    /// <summary>The palette of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="colors">Most colours, 1 to 24; there are fewer where the image has fewer.</param>
    /// <returns>The largest share first; the shares add up to 1. Empty for an image without pixels.</returns>
    public static IReadOnlyList<PaletteColor> Extract(DecodedImage image, int colors = 8)
    {
        ArgumentNullException.ThrowIfNull(image);
        Check(colors);
        ReadOnlySpan<byte> rgb = image.Rgb.Span;
        int pixels = rgb.Length / 3, rows = Math.Min(pixels, Sample);
        if (pixels == 0)
            return [];
        var values = new float[rows * 3];
        for (int row = 0; row < rows; row++)
        {
            int at = (int)((long)row * pixels / rows) * 3;
            LabColor color = Srgb.ToLab(rgb[at], rgb[at + 1], rgb[at + 2]);
            (values[row * 3], values[row * 3 + 1], values[row * 3 + 2]) = (color.L, color.A, color.B);
        }

        var samples = new Matrix(values, 3);
        KMeansResult fit = KMeans.Fit(samples, new KMeansOptions { Clusters = Math.Min(MaxColors, rows), Iterations = 10, Threads = 1, MaxPointsPerCluster = 0 });
        var shares = new float[fit.Centroids.Rows];
        foreach (int cluster in fit.Assign(samples, threads: 1))
            shares[cluster] += 1f / rows;
        var entries = new List<PaletteColor>(shares.Length);
        for (int i = 0; i < shares.Length; i++)
        {
            ReadOnlySpan<float> centroid = fit.Centroids[i];
            if (shares[i] > 0)
                entries.Add(new PaletteColor(new LabColor(centroid[0], centroid[1], centroid[2]), shares[i]));
        }

        return Merge(entries, colors);
    }

    /// <summary>The palette of a histogram, for which the image is not needed: colours between the grid's nodes come out a little less exact.</summary>
    /// <param name="histogram">1152 shares that add up to 1.</param>
    /// <param name="colors">Most colours, 1 to 24.</param>
    /// <returns>The largest share first; the shares add up to 1. Empty for an empty histogram.</returns>
    public static IReadOnlyList<PaletteColor> Extract(ReadOnlySpan<float> histogram, int colors = 8)
    {
        Check(colors);
        if (histogram.Length != HistogramGrid.TotalBins)
            throw new ArgumentException($"A histogram has {HistogramGrid.TotalBins} numbers, not {histogram.Length}.", nameof(histogram));
        var entries = new List<PaletteColor>();
        for (int bin = 0; bin < histogram.Length; bin++)
        {
            if (histogram[bin] > 0)
                entries.Add(new PaletteColor(HistogramGrid.Nodes[bin], histogram[bin]));
        }

        entries.Sort(static (a, b) => b.Share.CompareTo(a.Share));
        for (int light = entries.Count - 1; light >= HeaviestBins; light--)
        {
            PaletteColor entry = entries[light];
            entries.RemoveAt(light);
            int nearest = 0;
            for (int i = 1; i < HeaviestBins; i++)
            {
                if (entries[i].Color.SquaredDistanceTo(entry.Color) < entries[nearest].Color.SquaredDistanceTo(entry.Color))
                    nearest = i;
            }

            entries[nearest] = Union(entries[nearest], entry);
        }

        return Merge(entries, colors);
    }

    /// <summary>Puts the cheapest pairs together until few colours are left, all of them distinct and none tiny.</summary>
    private static PaletteColor[] Merge(List<PaletteColor> entries, int colors)
    {
        while (entries.Count > 1)
        {
            var (one, two, least) = (0, 1, float.PositiveInfinity);
            for (int i = 0; i < entries.Count; i++)
            {
                for (int j = i + 1; j < entries.Count; j++)
                {
                    float cost = Cost(entries[i], entries[j]);
                    if (cost < least)
                        (one, two, least) = (i, j, cost);
                }
            }

            bool tiny = Math.Min(entries[one].Share, entries[two].Share) < LeastShare;
            if (entries.Count <= colors && !tiny && entries[one].Color.SquaredDistanceTo(entries[two].Color) > Alike)
                break;
            entries[one] = Union(entries[one], entries[two]);
            entries.RemoveAt(two);
        }

        PaletteColor[] palette = [.. entries];
        Array.Sort(palette, static (a, b) => b.Share != a.Share ? b.Share.CompareTo(a.Share) : a.Color.L.CompareTo(b.Color.L));
        return palette;
    }

    /// <summary>What the union adds to the sum of squares.</summary>
    private static float Cost(PaletteColor one, PaletteColor two) =>
        one.Share * two.Share / (one.Share + two.Share) * one.Color.SquaredDistanceTo(two.Color);

    private static PaletteColor Union(PaletteColor one, PaletteColor two)
    {
        float share = one.Share + two.Share, part = two.Share / share;
        LabColor a = one.Color, b = two.Color;
        return new PaletteColor(new LabColor(a.L + part * (b.L - a.L), a.A + part * (b.A - a.A), a.B + part * (b.B - a.B)), share);
    }

    private static void Check(int colors)
    {
        if (colors is < 1 or > MaxColors)
            throw new ArgumentOutOfRangeException(nameof(colors), colors, $"A palette has 1 to {MaxColors} colours.");
    }
}

using Tessera.Colors.Images;
using Tessera.Colors.Spaces;

namespace Tessera.Colors.Histograms;

/// <summary>Histograms of images over the nodes of <see cref="HistogramGrid"/>.</summary>
public static class ColorHistogram
{
    /// <summary>Entries of the table of f(t), the bent cube root of L*a*b*; between them it is taken for a line, which is right to 0.001 in L*a*b*.</summary>
    private const int BendEntries = 8192;

    private static readonly float[] Linear = [.. Enumerable.Range(0, 256).Select(value => (float)Srgb.Linear[value])];

    private static readonly float[] Bend = [.. Enumerable.Range(0, BendEntries + 2).Select(entry => (float)Srgb.Bend(entry / (double)BendEntries))];

    /// <summary>The share of an image's pixels at each node: each pixel is shared among the eight nodes around its colour.</summary>
    /// <param name="image">The image, best of at most 256 pixels along a side.</param>
    /// <param name="histogram">Receives 1152 numbers that add up to 1; all 0 for an image without pixels.</param>
    public static void Compute(DecodedImage image, Span<float> histogram)
    {
        ArgumentNullException.ThrowIfNull(image);
        RequireBins(histogram.Length, nameof(histogram));
        histogram.Clear();
        ReadOnlySpan<byte> rgb = image.Rgb.Span;
        for (int i = 0; i + 3 <= rgb.Length; i += 3)
        {
            // Runs of equal pixels are common in drawings, screenshots and skies.
            int run = 1;
            while (i + 6 <= rgb.Length && rgb[i] == rgb[i + 3] && rgb[i + 1] == rgb[i + 4] && rgb[i + 2] == rgb[i + 5])
            {
                run++;
                i += 3;
            }

            Add(histogram, rgb[i], rgb[i + 1], rgb[i + 2], run);
        }

        Normalise(histogram);
    }

    /// <summary>The share of an image's pixels at each node.</summary>
    /// <param name="image">The image, best of at most 256 pixels along a side.</param>
    /// <returns>1152 numbers that add up to 1; all 0 for an image without pixels.</returns>
    public static float[] Compute(DecodedImage image)
    {
        var histogram = new float[HistogramGrid.TotalBins];
        Compute(image, histogram);
        return histogram;
    }

    /// <summary>The histogram of colours and their weights.</summary>
    /// <param name="colors">The colours; weights of at least 0.</param>
    /// <param name="histogram">Receives 1152 numbers that add up to 1; all 0 without weights.</param>
    public static void Compute(ReadOnlySpan<(LabColor Color, float Weight)> colors, Span<float> histogram)
    {
        RequireBins(histogram.Length, nameof(histogram));
        histogram.Clear();
        foreach (var (color, weight) in colors)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(colors));
            HistogramGrid.AddTo(histogram, color, weight);
        }

        Normalise(histogram);
    }

    /// <summary>The Hellinger transform: the square root of each number. The squared L2 distance of two transforms is twice their squared Hellinger distance, so large bins no longer drown small ones.</summary>
    /// <param name="histogram">Numbers of at least 0.</param>
    /// <param name="vector">Receives as many; may be the histogram itself. Of length 1 where the histogram adds up to 1.</param>
    public static void ToHellinger(ReadOnlySpan<float> histogram, Span<float> vector)
    {
        if (vector.Length != histogram.Length)
            throw new ArgumentException($"Room for {vector.Length} numbers, but the histogram has {histogram.Length}.", nameof(vector));
        for (int i = 0; i < histogram.Length; i++)
            vector[i] = MathF.Sqrt(histogram[i]);
    }

    /// <summary>Adds a colour as <see cref="HistogramGrid.AddTo"/> does, in steps of the grid from the start: most of the time of a histogram goes here.</summary>
    private static void Add(Span<float> histogram, byte red, byte green, byte blue, float weight)
    {
        // Srgb.ToLab with the rows of the matrix divided by the white, in single precision, and the cube root from the table.
        float r = Linear[red], g = Linear[green], b = Linear[blue];
        float x = Bent((float)(0.4124564 / Srgb.WhiteX) * r + (float)(0.3575761 / Srgb.WhiteX) * g + (float)(0.1804375 / Srgb.WhiteX) * b);
        float y = Bent(0.2126729f * r + 0.7151522f * g + 0.0721750f * b);
        float z = Bent((float)(0.0193339 / Srgb.WhiteZ) * r + (float)(0.1191920 / Srgb.WhiteZ) * g + (float)(0.9503041 / Srgb.WhiteZ) * b);
        float atL = At((116 * y - 16 - HistogramGrid.LLeast) * (1 / HistogramGrid.LStep), HistogramGrid.LBins, out int cellL);
        float atA = At((500 * (x - y) - HistogramGrid.ALeast) * (1 / HistogramGrid.AStep), HistogramGrid.ABins, out int cellA);
        float atB = At((200 * (y - z) - HistogramGrid.BLeast) * (1 / HistogramGrid.BStep), HistogramGrid.BBins, out int cellB);

        const int NextA = HistogramGrid.BBins, NextL = HistogramGrid.ABins * HistogramGrid.BBins;
        Span<float> corners = histogram.Slice(cellL * NextL + cellA * NextA + cellB, NextL + NextA + 2);
        float upper = weight * atL, lower = weight - upper;
        float upperA = upper * atA, upperRest = upper - upperA, lowerA = lower * atA, lowerRest = lower - lowerA;
        corners[NextL + NextA + 1] += upperA * atB;
        corners[NextL + NextA] += upperA - upperA * atB;
        corners[NextL + 1] += upperRest * atB;
        corners[NextL] += upperRest - upperRest * atB;
        corners[NextA + 1] += lowerA * atB;
        corners[NextA] += lowerA - lowerA * atB;
        corners[1] += lowerRest * atB;
        corners[0] += lowerRest - lowerRest * atB;
    }

    /// <summary>The cell of an axis that a position is in, and how far along it.</summary>
    private static float At(float position, int nodes, out int cell)
    {
        position = Math.Clamp(position, 0, nodes - 1);
        cell = Math.Min((int)position, nodes - 2);
        return position - cell;
    }

    private static float Bent(float t)
    {
        float at = t * BendEntries;
        int entry = (int)at;
        float below = Bend[entry];
        return below + (at - entry) * (Bend[entry + 1] - below);
    }

    private static void Normalise(Span<float> histogram)
    {
        double sum = 0;
        foreach (float value in histogram)
            sum += value;
        if (sum <= 0)
            return;
        float factor = (float)(1 / sum);
        foreach (ref float value in histogram)
            value *= factor;
    }

    private static void RequireBins(int length, string name)
    {
        if (length != HistogramGrid.TotalBins)
            throw new ArgumentException($"A histogram has {HistogramGrid.TotalBins} numbers, not {length}.", name);
    }
}

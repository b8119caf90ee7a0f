using Tessera.Colors.Histograms;

namespace Tessera.Colors.Indexes;

/// <summary>
/// Lets neighbouring nodes of the grid share what they hold, by a Gaussian in L*a*b*, one axis after the other: then the Hellinger distance
/// of two histograms is small where their colours are near each other, not only where they are the same. Measured against exact
/// transport, smoothing before the root finds more of the true neighbours than none, and than smoothing roots.
/// </summary>
internal static class HistogramSmoothing
{
    /// <summary>Standard deviation of the Gaussian in L*a*b*.</summary>
    private const float Width = 12;

    private static readonly float[] AlongL = Axis(HistogramGrid.LBins, HistogramGrid.LStep);
    private static readonly float[] AlongA = Axis(HistogramGrid.ABins, HistogramGrid.AStep);
    private static readonly float[] AlongB = Axis(HistogramGrid.BBins, HistogramGrid.BStep);

    /// <summary>From the Hellinger transform of a histogram to that of the histogram smoothed, of length 1.</summary>
    /// <param name="vector">1152 numbers; those below zero stand for what is unwanted.</param>
    /// <param name="smoothed">Receives as many; not the vector itself.</param>
    public static void Apply(ReadOnlySpan<float> vector, Span<float> smoothed)
    {
        Span<float> room = stackalloc float[HistogramGrid.TotalBins];
        for (int i = 0; i < room.Length; i++)
            room[i] = vector[i] * MathF.Abs(vector[i]);
        Along(room, smoothed, AlongB, HistogramGrid.BBins, 1);
        Along(smoothed, room, AlongA, HistogramGrid.ABins, HistogramGrid.BBins);
        Along(room, smoothed, AlongL, HistogramGrid.LBins, HistogramGrid.ABins * HistogramGrid.BBins);
        float sum = 0;
        foreach (float mass in smoothed)
            sum += MathF.Abs(mass);
        if (sum <= 0)
            return;
        foreach (ref float mass in smoothed)
            mass = MathF.CopySign(MathF.Sqrt(MathF.Abs(mass) / sum), mass);
    }

    /// <summary>Multiplies each line of an axis, whose numbers lie a stride apart, with the axis' matrix.</summary>
    private static void Along(ReadOnlySpan<float> from, Span<float> to, ReadOnlySpan<float> axis, int nodes, int stride)
    {
        to.Clear();
        for (int start = 0; start < from.Length; start += nodes * stride)
        {
            for (int source = 0; source < nodes; source++)
            {
                ReadOnlySpan<float> line = from.Slice(start + source * stride, stride);
                if (line.IndexOfAnyExcept(0f) < 0)
                    continue;
                for (int target = 0; target < nodes; target++)
                {
                    float factor = axis[source * nodes + target];
                    Span<float> sums = to.Slice(start + target * stride, stride);
                    for (int i = 0; i < sums.Length; i++)
                        sums[i] += factor * line[i];
                }
            }
        }
    }

    /// <summary>What a node gives to each of its axis: at [source * nodes + target]; what each gives adds up to 1.</summary>
    private static float[] Axis(int nodes, float step)
    {
        var matrix = new float[nodes * nodes];
        for (int source = 0; source < nodes; source++)
        {
            Span<float> row = matrix.AsSpan(source * nodes, nodes);
            float sum = 0;
            for (int target = 0; target < nodes; target++)
                sum += row[target] = MathF.Exp(-MathF.Pow((target - source) * step / Width, 2) / 2);
            foreach (ref float value in row)
                value /= sum;
        }

        return matrix;
    }
}

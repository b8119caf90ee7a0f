using Tessera.Colors.Histograms;
using Tessera.Colors.Spaces;

namespace Tessera.Colors.Transport;

/// <summary>How much of an image is of about one colour: all of it that lies within <see cref="Full"/>, less and less of it up to <see cref="Reach"/>.</summary>
internal sealed class Nearness
{
    /// <summary>Distance in L*a*b* up to which a colour counts as the same: about what the nodes of the grid are apart.</summary>
    public const float Full = 15;

    /// <summary>Distance from which on it does not count.</summary>
    public const float Reach = 30;

    private readonly float[] _share = new float[HistogramGrid.TotalBins];

    public Nearness(LabColor color)
    {
        color = HistogramGrid.Clamp(color);
        ReadOnlySpan<LabColor> nodes = HistogramGrid.Nodes;
        for (int bin = 0; bin < _share.Length; bin++)
            _share[bin] = Math.Clamp((Reach - color.DistanceTo(nodes[bin])) / (Reach - Full), 0, 1);

        // A surface of the colour itself is shared among nodes of which some are far; it is to count as a whole.
        Span<int> bins = stackalloc int[HistogramGrid.Corners];
        Span<float> weights = stackalloc float[HistogramGrid.Corners];
        HistogramGrid.Assign(color, bins, weights);
        float self = 0;
        for (int i = 0; i < bins.Length; i++)
            self += weights[i] * _share[bins[i]];
        foreach (ref float share in _share.AsSpan())
            share = Math.Min(1, share / self);
    }

    /// <summary>The share of an image, 0 to 1.</summary>
    public float ShareOf(ReadOnlySpan<uint> entries)
    {
        float sum = 0;
        foreach (uint entry in entries)
            sum += _share[SparseHistogram.BinOf(entry)] * SparseHistogram.MassOf(entry);
        return Math.Min(1, sum / SparseHistogram.Whole);
    }
}

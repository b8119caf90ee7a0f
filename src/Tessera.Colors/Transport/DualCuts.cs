using System.Numerics;
using System.Runtime.InteropServices;
using Tessera.Colors.Histograms;

namespace Tessera.Colors.Transport;

/// <summary>
/// What solved images say about others: the prices of a query's nodes that are best for one image bound the distance of every image
/// from below, by a sum over its bins (weak duality: what a bin is worth is the least of cost less price). Images that are alike have
/// prices that are alike, so that a few solved ones rule most of the others out.
/// </summary>
internal sealed class DualCuts
{
    /// <summary>Cuts that are kept; newer ones, which are of nearer images, take the place of the oldest.</summary>
    private const int Most = 24;

    /// <summary>Rounding of the sums, well above what it can be.</summary>
    private const double Slack = 1e-3;

    private readonly float[] _worths = new float[Most * HistogramGrid.TotalBins];
    private readonly double[] _constants = new double[Most];
    private int _count;
    private int _next;

    /// <summary>Forgets all cuts: another query begins.</summary>
    public void Clear() => (_count, _next) = (0, 0);

    /// <summary>Takes in the prices of a solved image.</summary>
    /// <param name="query">The query.</param>
    /// <param name="prices">Prices of its nodes, and of what it leaves open where it does.</param>
    public void Add(TransportQuery query, ReadOnlySpan<double> prices)
    {
        Span<float> worths = _worths.AsSpan(_next * HistogramGrid.TotalBins, HistogramGrid.TotalBins);
        double constant = 0;
        // What is left open costs nothing anywhere.
        worths.Fill(query.Open > 0 ? (float)-prices[query.Nodes.Length] : float.PositiveInfinity);
        if (query.Open > 0)
            constant = query.Open * prices[query.Nodes.Length];
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(worths);
        for (int node = 0; node < query.Nodes.Length; node++)
        {
            constant += query.Nodes[node].Mass * prices[node];
            var price = new Vector<float>((float)prices[node]);
            // The number of bins is a multiple of any register's width.
            ReadOnlySpan<Vector<float>> costs = MemoryMarshal.Cast<float, Vector<float>>(query.CostsOf(node));
            for (int i = 0; i < wide.Length; i++)
                wide[i] = Vector.Min(wide[i], costs[i] - price);
        }

        _constants[_next] = constant;
        _next = (_next + 1) % Most;
        _count = Math.Min(_count + 1, Most);
    }

    /// <summary>Whether a cut proves that an image is farther than a distance.</summary>
    public bool RuleOut(TransportQuery query, ReadOnlySpan<uint> entries, double distance)
    {
        double most = (distance + Slack) / query.Scale;
        for (int cut = 0; cut < _count; cut++)
        {
            ReadOnlySpan<float> worths = _worths.AsSpan(cut * HistogramGrid.TotalBins, HistogramGrid.TotalBins);
            double sum = _constants[cut];
            foreach (uint entry in entries)
                sum += (double)worths[SparseHistogram.BinOf(entry)] * SparseHistogram.MassOf(entry);
            if (sum > most)
                return true;
        }

        return false;
    }
}

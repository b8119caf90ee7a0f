using Tessera.Colors.Histograms;

namespace Tessera.Colors.Transport;

/// <summary>
/// Measures images against a query: by bounds from below that cost little, and exactly. Holds working memory, so that measuring
/// allocates nothing once warm; not safe for several threads.
/// </summary>
internal sealed class PartialTransport
{
    /// <summary>What an image has too much of an asked colour counts by this, where the query leaves a rest open: the whole of an image like a difference that is clearly seen (5).</summary>
    private const double ExcessCost = 5;

    private readonly TransportSimplex _simplex = new();
    private readonly Sinkhorn _sinkhorn = new();
    private readonly int[] _sinkBins = new int[HistogramGrid.TotalBins];
    private int[] _byLevel = [];

    /// <summary>What the images that were solved so far say about others; to be cleared before another query.</summary>
    public DualCuts Cuts { get; } = new();

    /// <summary>A bound from below: each colour to its nearest bins, as if it were alone and where its nearest node is.</summary>
    public double ColorBound(TransportQuery query, ReadOnlySpan<uint> entries)
    {
        int groups = query.Groups.Length;
        Span<int> byLevel = Cleared(groups * TransportQuery.GroupLevels);
        foreach (uint entry in entries)
        {
            int mass = SparseHistogram.MassOf(entry), at = 0;
            foreach (byte level in query.GroupLevelsOf(SparseHistogram.BinOf(entry)))
            {
                byLevel[at + level] += mass;
                at += TransportQuery.GroupLevels;
            }
        }

        double sum = 0;
        for (int i = 0; i < groups; i++)
            sum += query.Groups[i].Factor * Fill(byLevel.Slice(i * TransportQuery.GroupLevels, TransportQuery.GroupLevels), query.Groups[i].Mass);
        return Bound(query, sum * TransportQuery.LevelsTogether);
    }

    /// <summary>A bound from below, mostly tighter: each node to its nearest bins, as if it were alone.</summary>
    public double NodeBound(TransportQuery query, ReadOnlySpan<uint> entries)
    {
        int nodes = query.Nodes.Length;
        Span<int> byLevel = Cleared(nodes * TransportQuery.NodeLevels);
        foreach (uint entry in entries)
        {
            int mass = SparseHistogram.MassOf(entry), at = 0;
            foreach (byte level in query.NodeLevelsOf(SparseHistogram.BinOf(entry)))
            {
                byLevel[at + level] += mass;
                at += TransportQuery.NodeLevels;
            }
        }

        double sum = 0;
        for (int i = 0; i < nodes; i++)
            sum += query.Groups[query.Nodes[i].Group].Factor * Fill(byLevel.Slice(i * TransportQuery.NodeLevels, TransportQuery.NodeLevels), query.Nodes[i].Mass);
        return Bound(query, sum);
    }

    /// <summary>What an image is set back for having more of the asked colours than was asked for; 0 where the query leaves nothing open. Sorts images that match alike.</summary>
    public static double Excess(TransportQuery query, ReadOnlySpan<uint> entries)
    {
        if (query.Open == 0)
            return 0;
        double sum = 0;
        foreach (TransportQuery.Group group in query.Groups)
        {
            if (group.Nearness is { } nearness)
                sum += Math.Max(0, nearness.ShareOf(entries) - (double)group.Mass / SparseHistogram.Whole);
        }

        return sum * ExcessCost;
    }

    /// <summary>The distance, without <see cref="Excess"/>.</summary>
    /// <param name="query">The query.</param>
    /// <param name="entries">The image.</param>
    /// <param name="enough">A distance above which it does not matter how far it is: then any number above this may come back.</param>
    public double Exact(TransportQuery query, ReadOnlySpan<uint> entries, double enough = double.PositiveInfinity)
    {
        int sources = query.Nodes.Length + (query.Open > 0 ? 1 : 0);
        int sinks = Gather(query, entries, out long farMass);
        _simplex.Begin(sources, sinks);
        FillMasses(query, entries, farMass, _simplex.Supplies, _simplex.Demands);
        for (int i = 0; i < sources; i++)
            FillCosts(query, i, sinks, farMass > 0, _simplex.CostsOf(i));
        double distance = _simplex.Solve(enough / (SparseHistogram.Whole * query.Scale)) * SparseHistogram.Whole * query.Scale;
        // Prices of an image that was given up prove less, and would take the place of better ones.
        if (distance <= enough)
            Cuts.Add(query, _simplex.SourcePrices);
        return distance;
    }

    /// <summary>The distance by Sinkhorn's iterations: somewhat above the exact one.</summary>
    public double Approximate(TransportQuery query, ReadOnlySpan<uint> entries, SinkhornOptions options)
    {
        int sources = query.Nodes.Length + (query.Open > 0 ? 1 : 0);
        int sinks = Gather(query, entries, out long farMass);
        _sinkhorn.Begin(sources, sinks);
        FillMasses(query, entries, farMass, _sinkhorn.Supplies, _sinkhorn.Demands);
        for (int i = 0; i < sources; i++)
            FillCosts(query, i, sinks, farMass > 0, _sinkhorn.CostsOf(i));
        return _sinkhorn.Solve(options.Epsilon * query.Cost.Saturation, options.Iterations) * SparseHistogram.Whole * query.Scale;
    }

    private static double Bound(TransportQuery query, double sum) => sum * query.Cost.Saturation / (TransportQuery.NodeLevels - 1) * query.Scale;

    /// <summary>The levels times the masses that are taken from the lowest on.</summary>
    private static double Fill(ReadOnlySpan<int> byLevel, int need)
    {
        long sum = 0;
        for (int level = 0; level < byLevel.Length; level++)
        {
            int taken = Math.Min(need, byLevel[level]);
            sum += (long)taken * level;
            need -= taken;
            if (need == 0)
                break;
        }

        return sum;
    }

    private Span<int> Cleared(int length)
    {
        if (_byLevel.Length < length)
            _byLevel = new int[length];
        Span<int> span = _byLevel.AsSpan(0, length);
        span.Clear();
        return span;
    }

    /// <summary>The bins in reach are sinks of their own; all others cost the same to everyone and are one, the last.</summary>
    private int Gather(TransportQuery query, ReadOnlySpan<uint> entries, out long farMass)
    {
        int sinks = 0;
        farMass = 0;
        foreach (uint entry in entries)
        {
            int bin = SparseHistogram.BinOf(entry);
            if (query.IsInReach(bin))
                _sinkBins[sinks++] = bin;
            else
                farMass += SparseHistogram.MassOf(entry);
        }

        return farMass > 0 ? sinks + 1 : sinks;
    }

    private static void FillMasses(TransportQuery query, ReadOnlySpan<uint> entries, long farMass, Span<double> supplies, Span<double> demands)
    {
        const double Unit = 1.0 / SparseHistogram.Whole;
        for (int i = 0; i < query.Nodes.Length; i++)
            supplies[i] = query.Nodes[i].Mass * Unit;
        if (query.Open > 0)
            supplies[^1] = query.Open * Unit;
        int sink = 0;
        foreach (uint entry in entries)
        {
            if (query.IsInReach(SparseHistogram.BinOf(entry)))
                demands[sink++] = SparseHistogram.MassOf(entry) * Unit;
        }

        if (farMass > 0)
            demands[sink] = farMass * Unit;
    }

    private void FillCosts(TransportQuery query, int source, int sinks, bool hasFar, Span<double> costs)
    {
        if (source == query.Nodes.Length)
        {
            costs.Clear();
            return;
        }

        ReadOnlySpan<float> all = query.CostsOf(source);
        int own = hasFar ? sinks - 1 : sinks;
        for (int sink = 0; sink < own; sink++)
            costs[sink] = all[_sinkBins[sink]];
        if (hasFar)
            costs[own] = query.Cost.Saturation * query.Groups[query.Nodes[source].Group].Factor;
    }
}

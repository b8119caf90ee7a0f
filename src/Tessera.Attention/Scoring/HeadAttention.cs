using Tessera.Attention.Kernels;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;

namespace Tessera.Attention.Scoring;

/// <summary>
/// Attention of the query heads that share one key head, over one text. Keys are read once for the whole group. Working
/// memory grows to the largest head met, then nothing is allocated; one object for each thread.
/// </summary>
internal sealed unsafe class HeadAttention : IDisposable
{
    /// <summary>A cluster of clusters whose opening is worth less than this is left closed: its mean does.</summary>
    private const float LeastPriority = 1e-7f;

    /// <summary>Keys in trees below which dense attention was the faster one where it was measured.</summary>
    private const int FewestForTree = 2048;

    /// <summary>Share of the keys beyond which reading them all in one stream is the faster way.</summary>
    private const double MostShare = 0.5;

    /// <summary>Share of a limit in keys that may go into scoring the means of one level: knowing where to look is worth more than looking.</summary>
    private const double MeansShare = 0.75;

    private readonly OnlineSoftmax _softmax = new();
    private readonly Frontier _frontier = new();
    private readonly PriorityBins _bins = new();
    private readonly ErrorBound _bound = new();
    private readonly CodedOpening _codes = new();
    private float[] _offsets = [];
    private float[] _sums = [];

    /// <summary>Attends, query by query.</summary>
    /// <param name="store">Keys and values.</param>
    /// <param name="call">Queries and room for the outputs.</param>
    /// <param name="batch">Text.</param>
    /// <param name="head">First query head of the group.</param>
    /// <param name="group">Query heads.</param>
    /// <param name="options">Mode and budget.</param>
    public void Run(HeadStore store, AttendCall call, int batch, int head, int group, AttendOptions options)
    {
        Reserve(group);
        int queries = call.Count(batch);
        for (int token = 0; token < queries; token++)
        {
            var seen = new HeadPrefix(store, options.Causal ? store.Length - queries + token + 1 : store.Length);
            AttentionMode mode = Choose(seen, options);
            Begin(store, call.Queries, (batch, head, token), group, options.Scale);
            int scored = Add(seen, mode, options);
            for (int g = 0; g < group; g++)
            {
                Span<float> output = call.Output(batch, head + g, token);
                _softmax.Finish(g, output);
                if (call.HasReports)
                    call.Report(batch, head + g, token) = Report(seen, mode, options, scored, g, output);
            }
        }
    }

    public void Dispose()
    {
        _softmax.Dispose();
        _frontier.Dispose();
        _codes.Dispose();
    }

    private HeadReport Report(in HeadPrefix seen, AttentionMode mode, AttendOptions options, int scored, int query, ReadOnlySpan<float> output)
    {
        // Sums of codes are estimates without a bound.
        double bound = mode == AttentionMode.Quantized || !(options.Certificate || options.Mode == AttentionMode.Certified) ? double.NaN
            : mode == AttentionMode.Dense ? _bound.Exact(seen.Store, _softmax, query)
            : _bound.Total(seen.Store, _frontier, _softmax, query, output);
        return new HeadReport(mode, seen.Keys, scored, mode == AttentionMode.Dense ? 0 : _frontier.Scored, bound, LogWeight(mode, query));
    }

    private double LogWeight(AttentionMode mode, int query)
    {
        (float largest, float sum) = mode == AttentionMode.Dense ? (_softmax.Largest[query], _softmax.Weights[query]) : _frontier.KeysOnly(query);
        return largest + Math.Log(sum);
    }

    private void Begin(HeadStore store, PinnedTensor queries, (int Batch, int Head, int Token) at, int group, float? factor)
    {
        float scale = factor ?? 1 / MathF.Sqrt(queries.Dimension);
        _softmax.Begin(group, store.Layout.Stride);
        for (int g = 0; g < group; g++)
        {
            ReadOnlySpan<float> query = queries[at.Batch, at.Head + g, at.Token];
            for (int d = 0; d < query.Length; d++)
                _softmax.Queries[g * _softmax.Stride + d] = query[d] * scale;
        }
    }

    /// <summary>Scores the exact zones and the tree; returns how many keys.</summary>
    private int Add(in HeadPrefix seen, AttentionMode mode, AttendOptions options)
    {
        HeadStore store = seen.Store;
        _softmax.Add(store.Layout.Kernel, store.Sinks, seen.SinkCount);
        _softmax.Add(store.Layout.Kernel, store.Tail, seen.TailCount);
        if (seen.Split is not null)
            AddSplit(seen.Split, seen.End);
        return seen.ExactKeys + (mode == AttentionMode.Dense ? AddAll(seen) : AddTree(seen, mode, options));
    }

    /// <summary>Scores the tokens of a segment that lie before a place, whatever the mode: its means and radii are of later tokens too.</summary>
    private void AddSplit(Segment segment, int end)
    {
        if (!segment.IsOpen)
            _softmax.AddBefore(segment.Layout.Kernel, segment.Rows, segment.Positions, segment.Count, end);
        for (int leaf = 0; segment.IsOpen && leaf < segment.Leaves.Count; leaf++)
        {
            int start = segment.Leaves.Nodes[leaf].Start;
            _softmax.AddBefore(segment.Layout.Kernel, segment.Row(start), segment.Positions + start, segment.Leaves.Nodes[leaf].Count, end);
        }
    }

    /// <summary>Dense where there is no tree, and under Auto where reading everything is faster than choosing.</summary>
    private static AttentionMode Choose(in HeadPrefix seen, AttendOptions options)
    {
        if (options.Mode == AttentionMode.Dense || seen.Segments.IsEmpty || seen.Segments[0].Levels.Count == 0)
            return AttentionMode.Dense;
        if (options.Mode != AttentionMode.Auto)
            return options.Mode;
        return seen.ClusteredKeys < FewestForTree || Budget(seen, options) > MostShare * seen.Keys ? AttentionMode.Dense : AttentionMode.Budgeted;
    }

    /// <summary>Most keys to be scored; without a limit in keys there is none, and under Auto the attention's mass decides.</summary>
    private static int Budget(in HeadPrefix seen, AttendOptions options)
    {
        int keys = options.Keys ?? int.MaxValue;
        if (options.KeyShare is { } share)
            keys = (int)Math.Min(keys, share * seen.Keys);
        return keys == int.MaxValue ? 0 : keys;
    }

    private int AddAll(in HeadPrefix seen)
    {
        foreach (Segment segment in seen.Segments)
        {
            if (!segment.IsOpen)
            {
                _softmax.Add(segment.Layout.Kernel, segment.Rows, segment.Count);
                continue;
            }

            for (int leaf = 0; leaf < segment.Leaves.Count; leaf++)
                _softmax.Add(segment.Layout.Kernel, segment.Row(segment.Leaves.Nodes[leaf].Start), segment.Leaves.Nodes[leaf].Count);
        }

        return seen.ClusteredKeys;
    }

    private int AddTree(in HeadPrefix seen, AttentionMode mode, AttendOptions options)
    {
        _frontier.Begin(seen.Segments, _softmax);
        _frontier.ReachTops();
        if (mode == AttentionMode.Certified)
            return Certify(seen, options);
        Descend(seen, options);
        ChooseLeaves(seen, options);
        int opened = mode == AttentionMode.Quantized ? _codes.Open(seen.Store.Layout, _frontier, _softmax, options.Rerank) : 0;
        opened += OpenChosen();
        Close(options, seen.ExactKeys + opened);
        return opened;
    }

    /// <summary>Adds the tail; without any key scored there is nothing else to answer with.</summary>
    private void Close(AttendOptions options, int scored)
    {
        if (options.TailEstimate || scored == 0)
            _frontier.AddClosed();
    }

    /// <summary>
    /// Opens clusters of clusters from the top down: all but those that hardly matter, or under a limit in keys those that
    /// matter most, as long as scoring the means below them takes no more than its share of what is left.
    /// </summary>
    private void Descend(in HeadPrefix seen, AttendOptions options)
    {
        int levels = 0;
        foreach (LevelView view in _frontier.Views)
            levels = Math.Max(levels, view.Level);
        for (int level = levels; level > 0; level--)
        {
            int left = KeysLeft(seen, options);
            Prioritise(level);
            int means = left == int.MaxValue ? left : (int)(MeansShare * left);
            int threshold = Math.Max(_bins.Threshold(ref means, 0), PriorityBins.Bin(LeastPriority));
            ChooseFrom(level, threshold, means);
            ReadOnlySpan<LevelView> views = _frontier.Views;
            for (int v = 0; v < views.Length; v++)
            {
                if (views[v].Level == level)
                    _frontier.Expand(views[v], views[v + 1]);
            }
        }
    }

    /// <summary>Chooses clusters of keys, up to the budget.</summary>
    private void ChooseLeaves(in HeadPrefix seen, AttendOptions options)
    {
        int keysLeft = KeysLeft(seen, options);
        bool isLimited = keysLeft < int.MaxValue;
        double massLeft = options.Mass is { } mass ? 1 - mass : isLimited ? 0 : 0.1;
        // Of the keys in clusters with codes only some will be scored.
        if (options.Mode == AttentionMode.Quantized && isLimited)
            keysLeft = (int)Math.Min(int.MaxValue, keysLeft / options.Rerank);
        Prioritise(0);
        int threshold = _bins.Threshold(ref keysLeft, massLeft);
        ChooseFrom(0, threshold, keysLeft);
    }

    private int KeysLeft(in HeadPrefix seen, AttendOptions options) =>
        options.Keys is null && options.KeyShare is null ? int.MaxValue : Math.Max(0, Budget(seen, options) - seen.ExactKeys - _frontier.Scored);

    /// <summary>Puts the closed clusters of a level into bins by what opening them is worth.</summary>
    private void Prioritise(int level)
    {
        Estimate();
        _bins.Clear();
        fixed (float* offsets = _offsets)
        {
            foreach (LevelView view in _frontier.Views)
            {
                if (view.Level != level)
                    continue;
                _frontier.Share(view, offsets);
                float* shares = _frontier.Shares(view);
                ClusterNode* nodes = view.Clusters.Nodes;
                int count = view.Clusters.Count;
                for (int i = 0; i < count; i++)
                {
                    if (shares[i] > 0)
                        _bins.Add(Priority(shares[i], nodes[i], level), Cost(nodes[i], level), shares[i]);
                }
            }
        }
    }

    /// <summary>Chooses the clusters from a bin on; the bin below, which does not fit as a whole, gives those of its clusters that do.</summary>
    private void ChooseFrom(int level, int threshold, int left)
    {
        foreach (LevelView view in _frontier.Views)
        {
            if (view.Level != level)
                continue;
            float* shares = _frontier.Shares(view);
            ClusterNode* nodes = view.Clusters.Nodes;
            Span<ClusterState> states = _frontier.States(view);
            for (int i = 0; i < states.Length; i++)
            {
                if (!(shares[i] > 0))
                    continue;
                int bin = PriorityBins.Bin(Priority(shares[i], nodes[i], level)), cost = Cost(nodes[i], level);
                if (bin < threshold - 1 || (bin == threshold - 1 && cost > left))
                    continue;
                states[i] = ClusterState.Chosen;
                if (bin < threshold)
                    left -= cost;
            }
        }
    }

    /// <summary>What opening a cluster makes one score.</summary>
    private static int Cost(in ClusterNode node, int level) => level == 0 ? node.Count : node.Children;

    /// <summary>What opening a cluster is worth for each thing scored: its share, times how far its keys differ from the mean that else stands for them.</summary>
    private static float Priority(float share, in ClusterNode node, int level) => share * MathF.Sqrt(node.Variance) / Cost(node, level);

    /// <summary>Scores the keys of the chosen clusters, neighbours together; returns how many.</summary>
    private int OpenChosen()
    {
        int opened = 0;
        foreach (LevelView view in _frontier.Views)
        {
            if (view.Level != 0)
                continue;
            ClusterNode* nodes = view.Clusters.Nodes;
            Span<ClusterState> states = _frontier.States(view);
            int start = 0, count = 0;
            for (int i = 0; i < states.Length; i++)
            {
                if (states[i] != ClusterState.Chosen)
                    continue;
                states[i] = ClusterState.Opened;
                opened += nodes[i].Count;
                if (start + count != nodes[i].Start)
                {
                    _softmax.Add(view.Segment.Layout.Kernel, view.Segment.Row(start), count);
                    (start, count) = (nodes[i].Start, 0);
                }

                count += nodes[i].Count;
            }

            _softmax.Add(view.Segment.Layout.Kernel, view.Segment.Row(start), count);
        }

        return opened;
    }

    /// <summary>
    /// Opens clusters round by round, those whose share of the bound is largest, until what is left is within the tolerance.
    /// </summary>
    private int Certify(in HeadPrefix seen, AttendOptions options)
    {
        bool isLimited = options.Keys is not null || options.KeyShare is not null;
        int keysLeft = isLimited ? Math.Max(0, Budget(seen, options) - seen.ExactKeys) : int.MaxValue;
        double tolerated = options.Tolerance * seen.Store.LongestValue;
        int opened = 0;
        while (_bound.Choose(seen.Store, _frontier, _softmax, options.TailEstimate, tolerated, keysLeft - opened))
        {
            ReadOnlySpan<LevelView> views = _frontier.Views;
            for (int v = 0; v < views.Length; v++)
            {
                if (views[v].Level > 0)
                    _frontier.Expand(views[v], views[v + 1]);
            }

            opened += OpenChosen();
        }

        Close(options, seen.ExactKeys + opened);
        return opened;
    }

    /// <summary>The logarithm of each query's estimated sum of weights: keys scored so far and all closed clusters.</summary>
    private void Estimate()
    {
        int group = _softmax.Group;
        for (int g = 0; g < group; g++)
            (_offsets[g], _sums[g]) = (_softmax.Largest[g], _softmax.Weights[g]);
        _frontier.Total(_offsets.AsSpan(0, group), _sums.AsSpan(0, group));
        for (int g = 0; g < group; g++)
            _offsets[g] += MathF.Log(_sums[g]);
    }

    private void Reserve(int group)
    {
        if (_offsets.Length >= group)
            return;
        _offsets = new float[group];
        _sums = new float[group];
    }
}

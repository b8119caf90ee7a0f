using Tessera.Attention.Kernels;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;
using Tessera.Kernels;

namespace Tessera.Attention.Scoring;

/// <summary>
/// The clusters that a group of queries has met: their scores, and which of them are closed. The closed ones and the opened
/// keys together always stand for every key of the head once.
/// </summary>
internal sealed unsafe class Frontier : IDisposable
{
    private AlignedBuffer<float> _scores = new(0);
    private AlignedBuffer<float> _shares = new(0);
    private ClusterState[] _states = [];
    private LevelView[] _views = [];
    private float[] _over = [];
    private (float Largest, float Sum)[] _keysOnly = [];
    private AttentionKernel _kernel = AttentionKernel.For(KeyFormat.F32);
    private OnlineSoftmax _softmax = null!;
    private int _viewCount;

    /// <summary>Levels of all segments: the top level of each before those below it.</summary>
    public ReadOnlySpan<LevelView> Views => _views.AsSpan(0, _viewCount);

    /// <summary>Clusters whose means were scored.</summary>
    public int Scored { get; private set; }

    /// <summary>Whether the closed clusters are in the softmax already.</summary>
    public bool IsTailAdded { get; private set; }

    /// <summary>The largest score and the sum of the weights of a query over keys alone, without the estimates.</summary>
    public (float Largest, float Sum) KeysOnly(int query) => IsTailAdded ? _keysOnly[query] : (_softmax.Largest[query], _softmax.Weights[query]);

    /// <summary>Takes in the trees of segments; nothing is reached yet.</summary>
    public void Begin(ReadOnlySpan<Segment> segments, OnlineSoftmax softmax)
    {
        _softmax = softmax;
        Scored = 0;
        IsTailAdded = false;
        _viewCount = 0;
        int clusters = 0;
        foreach (Segment segment in segments)
        {
            if (_views.Length < _viewCount + segment.Levels.Count)
                Array.Resize(ref _views, 2 * (_viewCount + segment.Levels.Count));
            for (int level = segment.Levels.Count - 1; level >= 0; level--)
            {
                // Products of four rows at a time and shares of sixteen clusters may run over the end.
                int slots = (segment.Levels[level].Count + 31) / 16 * 16;
                _views[_viewCount++] = new LevelView(segment, level, clusters, slots);
                clusters += slots;
            }
        }

        Room.Grow(ref _states, clusters);
        _states.AsSpan(0, clusters).Clear();
        if (_keysOnly.Length < softmax.Group)
        {
            _over = new float[3 * softmax.Group];
            _keysOnly = new (float, float)[softmax.Group];
        }

        Room.Grow(ref _scores, (long)clusters * softmax.Group);
        Room.Grow(ref _shares, clusters);
    }

    public Span<ClusterState> States(LevelView view) => _states.AsSpan(view.Offset, view.Clusters.Count);

    /// <summary>The scores of a level's clusters: query g's from g * slots on.</summary>
    public float* Scores(LevelView view) => _scores.Pointer + (long)view.Offset * _softmax.Group;

    /// <summary>Estimated shares, as <see cref="Share"/> left them.</summary>
    public float* Shares(LevelView view) => _shares.Pointer + view.Offset;

    /// <summary>Scores the top levels.</summary>
    public void ReachTops()
    {
        foreach (LevelView view in Views)
        {
            if (view.Level == view.Segment.Levels.Count - 1)
                Reach(view, 0, view.Clusters.Count);
        }
    }

    /// <summary>Opens the chosen clusters of a level above the lowest: their children are scored and closed.</summary>
    public void Expand(LevelView view, LevelView below)
    {
        ClusterNode* nodes = view.Clusters.Nodes;
        Span<ClusterState> states = States(view);
        for (int i = 0; i < states.Length; i++)
        {
            if (states[i] != ClusterState.Chosen)
                continue;
            states[i] = ClusterState.Opened;
            Reach(below, nodes[i].FirstChild, nodes[i].Children);
        }
    }

    /// <summary>Adds the estimated weights of all closed clusters to sums kept against their largest exponents.</summary>
    public void Total(Span<float> largest, Span<float> sums)
    {
        foreach (LevelView view in Views)
        {
            Span<ClusterState> states = States(view);
            float* scores = Scores(view), logCounts = view.Clusters.LogCounts;
            for (int i = 0; i < states.Length;)
            {
                int end = i;
                while (end < states.Length && states[end] == ClusterState.Closed)
                    end++;
                for (int g = 0; g < largest.Length && end > i; g++)
                    _kernel.Total(scores + (long)g * view.Slots + i, logCounts + i, end - i, ref largest[g], ref sums[g]);
                i = Math.Max(end, i + 1);
            }
        }
    }

    /// <summary>Works out the estimated shares of a level's clusters, the largest over the queries; 0 for those that are not closed.</summary>
    /// <param name="view">The level.</param>
    /// <param name="offsets">For each query the logarithm of its estimated sum of weights.</param>
    public void Share(LevelView view, float* offsets)
    {
        float* shares = Shares(view);
        Span<ClusterState> states = States(view);
        _kernel.Shares(Scores(view), view.Slots, _softmax.Group, view.Clusters.LogCounts, offsets, states.Length, shares);
        for (int i = 0; i < states.Length; i++)
        {
            if (states[i] != ClusterState.Closed || view.Clusters.Nodes[i].Count == 0)
                shares[i] = 0;
        }
    }

    /// <summary>Lets every closed cluster count as if all its keys were at the mean: the tail of the attention.</summary>
    public void AddClosed()
    {
        IsTailAdded = true;
        for (int g = 0; g < _softmax.Group; g++)
            _keysOnly[g] = (_softmax.Largest[g], _softmax.Weights[g]);
        foreach (LevelView view in Views)
        {
            Span<ClusterState> states = States(view);
            for (int first = 0; first < states.Length; first += AttentionKernel.Block)
            {
                Span<ClusterState> block = states.Slice(first, Math.Min(AttentionKernel.Block, states.Length - first));
                if (block.Contains(ClusterState.Closed))
                    AddBlock(view, first, block);
            }
        }
    }

    public void Dispose()
    {
        _scores.Dispose();
        _shares.Dispose();
    }

    private void AddBlock(LevelView view, int first, ReadOnlySpan<ClusterState> block)
    {
        ClusterLevel clusters = view.Clusters;
        for (int g = 0; g < _softmax.Group; g++)
        {
            float* scores = Scores(view) + (long)g * view.Slots + first, target = _softmax.Scores + g * AttentionKernel.Block;
            for (int i = 0; i < block.Length; i++)
                target[i] = block[i] == ClusterState.Closed ? scores[i] + clusters.LogCounts[first + i] : float.NegativeInfinity;
        }

        _softmax.AddScored(_kernel, (byte*)clusters.ValueMean(first), clusters.Pitch, block.Length);
    }

    private void Reach(LevelView view, int first, int count)
    {
        if (count == 0)
            return;
        // Four products are written at a time, the last of them perhaps over scores of neighbours that were reached before.
        const int Over = 3;
        ClusterLevel clusters = view.Clusters;
        float* scores = Scores(view) + first;
        for (int g = 0; g < _softmax.Group; g++)
            new ReadOnlySpan<float>(scores + (long)g * view.Slots + count, Over).CopyTo(_over.AsSpan(g * Over, Over));
        _kernel.Scores(_softmax.Queries, _softmax.Group, clusters.Stride, (byte*)clusters.Mean(first), clusters.Pitch, count, scores, view.Slots);
        for (int g = 0; g < _softmax.Group; g++)
            _over.AsSpan(g * Over, Over).CopyTo(new Span<float>(scores + (long)g * view.Slots + count, Over));
        Scored += count;
        States(view).Slice(first, count).Fill(ClusterState.Closed);
    }
}

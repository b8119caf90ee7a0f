using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// One query's way through a tree: the nearest node that was seen is entered next, wherever it lies (best-first search; Muja
/// and Lowe, PAMI 36(11), 2014), until enough leaves were visited; then, where a proof is wanted, all nodes whose balls
/// reach nearer than the answers.
/// </summary>
/// <param name="metric">How vectors are compared.</param>
/// <param name="tree">The nodes.</param>
/// <param name="balls">What lies beneath them.</param>
/// <param name="choice">Which vectors may be answers, how many leaves to visit, and how many vectors these are to hold together, at least.</param>
/// <param name="query">The query, normalised for cosine.</param>
/// <param name="scratch">Working memory.</param>
internal ref struct TreeWalk(Metric metric, ClusterTree tree, TreeBalls balls, ListChoice choice, ReadOnlySpan<float> query, TreeScratch scratch)
{
    private readonly ReadOnlySpan<float> _query = query;
    private readonly NodeQueue _queue = scratch.Queue;
    private BallBounds _bounds;
    private float _half;
    private bool _begun;
    private bool _bounded;
    private long _held;

    /// <summary>Leaves visited.</summary>
    public int Leaves { get; private set; }

    /// <summary>Vectors in the leaves visited.</summary>
    public long Vectors { get; private set; }

    /// <summary>The next leaf by the distance of its centroid; false when enough were visited, or none is left.</summary>
    public bool Next(out int leaf)
    {
        if (!_begun)
            Begin();
        leaf = -1;
        bool enough = choice.Shares is null
            ? Leaves >= choice.Probes && _held >= choice.K
            : _held >= Math.Max(choice.K, (long)choice.Probes * balls.Counts[0] / tree.Leaves);
        if (enough)
            return false;
        while (_queue.TryPop(out Candidate node))
        {
            if (Enter(node.Ordinal, float.PositiveInfinity, out leaf))
                return true;
        }

        return false;
    }

    /// <summary>The next leaf that may hold a vector as near as this or nearer; false when there is none.</summary>
    public bool NextWithin(float threshold, out int leaf)
    {
        if (!_bounded)
            GoByBounds();
        leaf = -1;
        while (_queue.TryPop(out Candidate node) && node.Distance <= threshold)
        {
            if (Enter(node.Ordinal, threshold, out leaf))
                return true;
        }

        return false;
    }

    /// <summary>Whether no leaf that was not visited can hold a vector as near as this or nearer.</summary>
    public bool Proves(float threshold)
    {
        if (!_bounded)
            GoByBounds();
        return _queue.Nodes.IsEmpty || _queue.Nodes[0].Distance > threshold;
    }

    private void Begin()
    {
        _begun = true;
        _queue.Clear();
        _half = MathF.Sqrt(Distance.Dot(_query, _query)) / 2;
        if (balls.Counts[0] > 0)
            _queue.Push(new Candidate(0, 0));
    }

    /// <summary>Visits a leaf, or sees the children of another node.</summary>
    private bool Enter(int node, float threshold, out int leaf)
    {
        leaf = tree.LeafOf(node);
        if (leaf < 0)
        {
            See(node, threshold);
            return false;
        }

        Leaves++;
        Vectors += balls.Counts[node];
        _held += choice.Shares?[leaf] ?? balls.Counts[node];
        return true;
    }

    private void See(int node, float threshold)
    {
        int first = tree.FirstChild(node), count = tree.ChildCount(node), dimension = _query.Length;
        Span<float> scores = scratch.ScoreRoom(count);
        BallBounds.Measure(metric, _query, tree.Centroids.Span.Slice(first * dimension, count * dimension), scores);
        for (int i = 0; i < count; i++)
        {
            int child = first + i;
            if (balls.Counts[child] == 0 || (choice.Shares is { } shares && tree.LeafOf(child) is >= 0 and int leaf && shares[leaf] == 0))
                continue;
            float distance = _bounded ? Bound(child, scores[i]) : scores[i] - Lead(child);
            if (distance <= threshold)
                _queue.Push(new Candidate(distance, child));
        }
    }

    /// <summary>How much nearer than its own centroid that of a node's nearest child can be expected, so that nodes and leaves stand in one queue; 0 for a leaf.</summary>
    private readonly float Lead(int node) => metric == Metric.InnerProduct ? _half * MathF.Sqrt(tree.Spreads[node]) : tree.Spreads[node];

    private readonly float Bound(int node, float score) => _bounds.Below(score, tree.Lengths[node], balls.Radii[node]);

    /// <summary>From here on nodes are ordered by what no vector beneath them can be nearer than.</summary>
    private void GoByBounds()
    {
        _bounded = true;
        _bounds = new BallBounds(metric, _query);
        ReadOnlySpan<Candidate> nodes = _queue.Nodes;
        Span<float> distances = scratch.ScoreRoom(nodes.Length);
        for (int i = 0; i < nodes.Length; i++)
        {
            int node = nodes[i].Ordinal;
            float score = nodes[i].Distance;
            // What the lead has rounded away is needed here.
            if (tree.LeafOf(node) < 0)
                BallBounds.Measure(metric, _query, tree.Centroids[node], new Span<float>(ref score));
            distances[i] = Bound(node, score);
        }

        _queue.Reorder(distances);
    }
}

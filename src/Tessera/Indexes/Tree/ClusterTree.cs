using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Clusters of clusters. Nodes are numbered level by level from the root, 0, on, and the children of a node lie together, so
/// that a search measures them at once. Leaves are numbered in the order of their nodes.
/// </summary>
internal sealed class ClusterTree
{
    private readonly int[] _firstChild;
    private readonly int[] _parents;
    private readonly int[] _leafOf;
    private readonly int[] _leafNodes;

    /// <param name="centroids">One row for each node.</param>
    /// <param name="childCounts">Children of each node; 0 for a leaf.</param>
    public ClusterTree(Matrix centroids, ReadOnlySpan<int> childCounts)
    {
        Centroids = centroids;
        int nodes = childCounts.Length;
        _firstChild = new int[nodes + 1];
        _parents = new int[nodes];
        _leafOf = new int[nodes];
        Lengths = new float[nodes];
        Spreads = new float[nodes];
        _parents[0] = -1;
        _firstChild[0] = 1;
        for (int node = 0; node < nodes; node++)
        {
            _firstChild[node + 1] = _firstChild[node] + childCounts[node];
            _parents.AsSpan(_firstChild[node], childCounts[node]).Fill(node);
            _leafOf[node] = childCounts[node] == 0 ? Leaves++ : -1;
            Lengths[node] = MathF.Sqrt(Distance.Dot(centroids[node], centroids[node]));
        }

        for (int node = 1; node < nodes; node++)
            Spreads[_parents[node]] += Distance.SquaredL2(centroids[node], centroids[_parents[node]]) / childCounts[_parents[node]];

        _leafNodes = new int[Leaves];
        for (int node = 0; node < nodes; node++)
        {
            if (_leafOf[node] >= 0)
                _leafNodes[_leafOf[node]] = node;
        }
    }

    /// <summary>One row for each node.</summary>
    public Matrix Centroids { get; }

    /// <summary>The length of each centroid.</summary>
    public float[] Lengths { get; }

    /// <summary>The mean squared distance of a node's children from it; 0 for a leaf.</summary>
    public float[] Spreads { get; }

    public int Nodes => _parents.Length;

    public int Leaves { get; }

    public long Bytes => (long)Centroids.Span.Length * sizeof(float) + (5L * Nodes + Leaves + 1) * sizeof(int);

    public int FirstChild(int node) => _firstChild[node];

    /// <summary>0 for a leaf.</summary>
    public int ChildCount(int node) => _firstChild[node + 1] - _firstChild[node];

    /// <summary>The node that a node is a child of; -1 for the root.</summary>
    public int Parent(int node) => _parents[node];

    /// <summary>The number of the leaf that a node is; -1 for a node with children.</summary>
    public int LeafOf(int node) => _leafOf[node];

    /// <summary>The node that a leaf is.</summary>
    public int NodeOf(int leaf) => _leafNodes[leaf];

    /// <summary>What tells two trees apart; null where they are the same to the bit.</summary>
    public static string? Difference(ClusterTree one, ClusterTree two)
    {
        if (!one._firstChild.AsSpan().SequenceEqual(two._firstChild))
            return "trees of another shape";
        ReadOnlySpan<float> a = one.Centroids.Span, b = two.Centroids.Span;
        int same = a.CommonPrefixLength(b);
        return same == a.Length ? null : $"another centroid of node {same / one.Centroids.Dimension}";
    }
}

using System.Runtime.InteropServices;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Finds the leaf of each vector: the one with the nearest centroid beneath the few nearest nodes of every level. Going down
/// through one node alone often ends beside the leaf where searches look first.
/// </summary>
internal sealed class TreeAssigner : IDisposable
{
    /// <summary>Nodes of a level beneath which a vector's leaf is looked for.</summary>
    private const int Beam = 4;

    /// <summary>Vectors that go down together.</summary>
    private const int Block = 512;

    private readonly ClusterTree _tree;
    private readonly Panels _left = Panels.Left();
    private readonly Panels _right = Panels.Right();
    private readonly List<int> _nodes = [];
    private readonly List<int> _visitors = [];
    private readonly int[] _counts = new int[Block];
    private Candidate[] _beams = new Candidate[Block * Beam];
    private Candidate[] _next = new Candidate[Block * Beam];
    private float[] _products = [];

    private TreeAssigner(ClusterTree tree) => _tree = tree;

    /// <summary>The leaf of each vector; does not depend on the vectors around it.</summary>
    public static int[] Assign(ClusterTree tree, Matrix vectors, int threads, CancellationToken cancellationToken)
    {
        var leaves = new int[vectors.Rows];
        var assigners = new ScratchPool<TreeAssigner>(() => new TreeAssigner(tree));
        using (assigners)
        {
            Workers.For((vectors.Rows + Block - 1) / Block, threads, (block, _) =>
            {
                TreeAssigner assigner = assigners.Rent();
                int start = block * Block, count = Math.Min(Block, vectors.Rows - start);
                assigner.Assign(vectors.Slice(start, count), leaves.AsSpan(start, count));
                assigners.Return(assigner);
            }, cancellationToken);
        }

        return leaves;
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }

    private void Assign(Matrix block, Span<int> leaves)
    {
        for (int vector = 0; vector < block.Rows; vector++)
        {
            _counts[vector] = 1;
            _beams[vector * Beam] = new Candidate(0, 0);
        }

        bool entered = true;
        while (entered)
        {
            ListVisits(block.Rows);
            entered = _nodes.Count > 0;
            var visits = new ListMembers(CollectionsMarshal.AsSpan(_nodes), entered ? _tree.Nodes : 0);
            for (int node = 0; entered && node < _tree.Nodes; node++)
            {
                if (!visits[node].IsEmpty)
                    Enter(node, block, visits[node]);
            }

            (_beams, _next) = (_next, _beams);
        }

        for (int vector = 0; vector < block.Rows; vector++)
        {
            Candidate best = _beams[vector * Beam];
            foreach (Candidate other in _beams.AsSpan(vector * Beam, _counts[vector]))
                best = other.Before(best) ? other : best;
            leaves[vector] = _tree.LeafOf(best.Ordinal);
        }
    }

    /// <summary>Notes which vectors enter which nodes; leaves stay in the beams.</summary>
    private void ListVisits(int vectors)
    {
        _nodes.Clear();
        _visitors.Clear();
        for (int vector = 0; vector < vectors; vector++)
        {
            var next = new TopK(_next.AsSpan(vector * Beam, Beam));
            foreach (Candidate node in _beams.AsSpan(vector * Beam, _counts[vector]))
            {
                if (_tree.LeafOf(node.Ordinal) >= 0)
                {
                    next.Push(node.Distance, node.Ordinal);
                    continue;
                }

                _nodes.Add(node.Ordinal);
                _visitors.Add(vector);
            }

            _counts[vector] = next.Count;
        }
    }

    /// <summary>Offers the children of a node to the vectors that enter it.</summary>
    private void Enter(int node, Matrix block, ReadOnlySpan<int> visits)
    {
        int first = _tree.FirstChild(node), children = _tree.ChildCount(node), dimension = block.Dimension;
        Span<int> visitors = stackalloc int[Block];
        for (int i = 0; i < visits.Length; i++)
            visitors[i] = _visitors[visits[i]];
        visitors = visitors[..visits.Length];
        if (_products.Length < visits.Length * children)
            _products = new float[visits.Length * children];
        Panels left = _left.Gather(block.Span, visitors, dimension, dimension);
        Panels right = _right.Pack(_tree.Centroids.Span.Slice(first * dimension, children * dimension), children, dimension, dimension);
        MatrixProduct.Store(left, right, _products);
        for (int i = 0; i < visitors.Length; i++)
        {
            int vector = visitors[i];
            TopK beam = TopK.Resume(_next.AsSpan(vector * Beam, Beam), _counts[vector]);
            for (int child = 0; child < children; child++)
            {
                float length = _tree.Lengths[first + child];
                beam.Push(length * length - 2 * _products[i * children + child], first + child);
            }

            _counts[vector] = beam.Count;
        }
    }
}

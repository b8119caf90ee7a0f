using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>How many vectors lie beneath each node of a tree, and how far from its centroid they reach; never changes.</summary>
internal sealed class TreeBalls
{
    private TreeBalls(float[] radii, int[] counts) => (Radii, Counts) = (radii, counts);

    /// <summary>A radius around each node's centroid within which all vectors beneath it lie; too large once some were removed, until the next compaction.</summary>
    public float[] Radii { get; }

    /// <summary>Vectors beneath each node, the removed ones included.</summary>
    public int[] Counts { get; }

    public long Bytes => (long)Radii.Length * (sizeof(float) + sizeof(int));

    /// <summary>The balls of radii that are known.</summary>
    public static TreeBalls Of(ClusterTree tree, RowList<float>[] leaves, float[] radii) => new(radii, Count(tree, leaves));

    /// <summary>The balls of a tree whose leaves have become longer.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="before">The balls before; null for a tree that was empty.</param>
    /// <param name="leaves">The leaves now.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellationToken">Stops between leaves.</param>
    public static TreeBalls Cover(ClusterTree tree, TreeBalls? before, RowList<float>[] leaves, int threads, CancellationToken cancellationToken)
    {
        var radii = (float[]?)before?.Radii.Clone() ?? new float[tree.Nodes];
        // The farthest of a leaf's new vectors from its own centroid and those above, root last.
        var farthest = new float[leaves.Length][];
        Workers.For(leaves.Length, threads, (leaf, _) =>
        {
            int known = before?.Counts[tree.NodeOf(leaf)] ?? 0;
            if (leaves[leaf].Count > known)
                farthest[leaf] = Farthest(tree, leaf, leaves[leaf], known);
        }, cancellationToken);
        for (int leaf = 0; leaf < leaves.Length; leaf++)
        {
            int node = tree.NodeOf(leaf);
            foreach (float square in farthest[leaf] ?? [])
            {
                radii[node] = Math.Max(radii[node], BallBounds.Radius(square, tree.Centroids.Dimension));
                node = tree.Parent(node);
            }
        }

        return new TreeBalls(radii, Count(tree, leaves));
    }

    private static float[] Farthest(ClusterTree tree, int leaf, RowList<float> list, int known)
    {
        int dimension = tree.Centroids.Dimension;
        ReadOnlySpan<float> rows = list.Rows.Span[(known * dimension)..(list.Count * dimension)];
        var distances = new float[list.Count - known];
        var farthest = new List<float>();
        for (int node = tree.NodeOf(leaf); node >= 0; node = tree.Parent(node))
        {
            Distance.SquaredL2s(tree.Centroids[node], rows, distances);
            farthest.Add(distances.Max());
        }

        return [.. farthest];
    }

    private static int[] Count(ClusterTree tree, RowList<float>[] leaves)
    {
        var counts = new int[tree.Nodes];
        for (int node = tree.Nodes - 1; node >= 0; node--)
        {
            if (tree.LeafOf(node) is >= 0 and int leaf)
                counts[node] = leaves[leaf].Count;
            if (node > 0)
                counts[tree.Parent(node)] += counts[node];
        }

        return counts;
    }
}

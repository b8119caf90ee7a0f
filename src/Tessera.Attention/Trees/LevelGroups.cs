using System.Numerics;
using Tessera.Attention.Storage;
using Tessera.Kernels;

namespace Tessera.Attention.Trees;

/// <summary>Which cluster everything belongs to, level by level, while a tree is built; then gives every cluster its place, so that the children of each lie together.</summary>
internal sealed unsafe class LevelGroups
{
    private readonly List<int[]> _parents = [];
    private readonly List<int[]> _slots = [];
    private readonly List<int> _counts = [];
    private int[] _renumbered = [];
    private float[] _means = [];
    private int _items;

    /// <summary>Levels of clusters so far.</summary>
    public int Levels { get; private set; }

    /// <summary>Clusters on the top level so far.</summary>
    public int Clusters => _counts[Levels - 1];

    /// <summary>Starts with the clusters of rows.</summary>
    public void Begin(ReadOnlySpan<int> clusterOf, int clusters)
    {
        Levels = 0;
        Add(clusterOf, clusters);
    }

    /// <summary>Adds a level: the cluster of every cluster of the level below. Empty ones are dropped.</summary>
    public void Add(ReadOnlySpan<int> clusterOf, int clusters)
    {
        if (_parents.Count == Levels)
        {
            _parents.Add([]);
            _slots.Add([]);
            _counts.Add(0);
        }

        _items = clusterOf.Length;
        int[] parents = Grown(_parents, Levels, clusterOf.Length);
        Room.Grow(ref _renumbered, clusters);
        Span<int> renumbered = _renumbered.AsSpan(0, clusters);
        renumbered.Fill(-1);
        int used = 0;
        // Numbered in the order of their first members, which for rows is the order of tokens.
        for (int i = 0; i < clusterOf.Length; i++)
        {
            ref int number = ref renumbered[clusterOf[i]];
            if (number < 0)
                number = used++;
            parents[i] = number;
        }

        _counts[Levels++] = used;
    }

    /// <summary>The means of the top level's clusters over the points of the level below, which may lie in the same memory.</summary>
    public Span<float> Means(ReadOnlySpan<float> points, int stride)
    {
        int clusters = Clusters, needed = clusters * stride;
        // Sums go behind the points where these are means of a call before.
        int at = points.Overlaps(_means) ? points.Length : 0;
        if (_means.Length < at + needed)
        {
            var grown = new float[BitOperations.RoundUpToPowerOf2((uint)(2 * (at + needed)))];
            points[..at].CopyTo(grown);
            if (at > 0)
                points = grown.AsSpan(0, at);
            _means = grown;
        }

        Span<float> means = _means.AsSpan(at, needed);
        means.Clear();
        int[] parents = _parents[Levels - 1];
        Span<int> sizes = _renumbered.AsSpan(0, clusters);
        sizes.Clear();
        for (int i = 0; i < _items; i++)
        {
            sizes[parents[i]]++;
            ReadOnlySpan<float> point = points.Slice(i * stride, stride);
            Span<float> mean = means.Slice(parents[i] * stride, stride);
            for (int d = 0; d < stride; d += Vector<float>.Count)
                (new Vector<float>(mean[d..]) + new Vector<float>(point[d..])).CopyTo(mean[d..]);
        }

        for (int cluster = 0; cluster < clusters; cluster++)
        {
            Span<float> mean = means.Slice(cluster * stride, stride);
            for (int d = 0; d < stride; d++)
                mean[d] /= sizes[cluster];
        }

        return means;
    }

    /// <summary>A segment with empty clusters in their places.</summary>
    /// <param name="pool">Memory.</param>
    /// <param name="layout">Of the rows.</param>
    /// <param name="rows">Rows that will be filled in.</param>
    /// <param name="spare">0, or the branching factor where clusters must have room to grow: for so many more rows each, and for more clusters.</param>
    public Segment Lay(BufferPool pool, RowLayout layout, int rows, int spare)
    {
        int top = Levels - 1;
        Span<int> slots = Grown(_slots, top, _counts[top]).AsSpan(0, _counts[top]);
        for (int i = 0; i < slots.Length; i++)
            slots[i] = i;
        ClusterLevel above = pool.RentLevel(slots.Length + (top == 0 && spare > 0 ? slots.Length + 4 : 0), layout.Stride);
        above.Count = above.Slots;
        Stack(pool, layout, above, top, spare);
        ClusterLevel leaves = _built[^1];
        int capacity = GiveRows(leaves, rows, spare);
        Segment segment = pool.RentSegment(layout, capacity);
        segment.IsOpen = spare > 0;
        for (int level = _built.Count - 1; level >= 0; level--)
            segment.Levels.Add(_built[level]);
        return segment;
    }

    /// <summary>The place of a row's cluster among the leaves.</summary>
    public int LeafOf(int row) => _slots[0][_parents[0][row]];

    private readonly List<ClusterLevel> _built = [];

    /// <summary>Makes the levels below the top one, each ordered by its parents.</summary>
    private void Stack(BufferPool pool, RowLayout layout, ClusterLevel above, int top, int spare)
    {
        _built.Clear();
        _built.Add(above);
        for (int level = top - 1; level >= 0; level--)
        {
            bool hasGaps = spare > 0 && level == 0;
            int count = _counts[level];
            int[] parents = _parents[level + 1], parentSlots = _slots[level + 1], slots = Grown(_slots, level, count);
            for (int i = 0; i < count; i++)
                above.Nodes[parentSlots[parents[i]]].Children++;
            int next = 0;
            for (int parent = 0; parent < above.Count; parent++)
            {
                ref ClusterNode node = ref above.Nodes[parent];
                node.FirstChild = next;
                node.ChildCapacity = node.Children + (hasGaps ? Math.Max(node.Children / 2, 2) : 0);
                next += node.ChildCapacity;
                node.Children = 0;
            }

            for (int i = 0; i < count; i++)
            {
                ref ClusterNode node = ref above.Nodes[parentSlots[parents[i]]];
                slots[i] = node.FirstChild + node.Children++;
            }

            above = pool.RentLevel(next, layout.Stride);
            above.Count = next;
            _built.Add(above);
        }
    }

    /// <summary>Gives every cluster of keys its rows; returns how many there are in all.</summary>
    private int GiveRows(ClusterLevel leaves, int rows, int spare)
    {
        int[] parents = _parents[0], slots = _slots[0];
        for (int i = 0; i < rows; i++)
            leaves.Nodes[slots[parents[i]]].Capacity++;
        int next = 0;
        for (int leaf = 0; leaf < leaves.Count; leaf++)
        {
            ref ClusterNode node = ref leaves.Nodes[leaf];
            node.Start = next;
            if (spare > 0)
                node.Capacity = Math.Max(2 * spare, node.Capacity + spare);
            next += node.Capacity;
        }

        return next;
    }

    private static int[] Grown(List<int[]> arrays, int at, int length)
    {
        if (arrays[at].Length < length)
            arrays[at] = new int[BitOperations.RoundUpToPowerOf2((uint)length)];
        return arrays[at];
    }
}

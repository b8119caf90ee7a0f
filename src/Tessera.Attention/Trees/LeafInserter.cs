using System.Numerics;
using Tessera.Attention.Storage;
using Tessera.Kernels;

namespace Tessera.Attention.Trees;

/// <summary>
/// Takes keys into the nearest clusters of an open segment. Means and counts are exact, radii and variances remain upper
/// bounds; a cluster without room is split in two.
/// </summary>
internal sealed unsafe class LeafInserter(RowLayout layout, ClusterStatistics statistics) : IDisposable
{
    private const int SplitIterations = 4;

    private readonly float[] _key = new float[layout.Stride];
    private readonly float[] _value = new float[layout.Stride];
    private AlignedBuffer<float> _rows = new(0);
    private bool[] _isSecond = [];

    /// <summary>Inserts a row.</summary>
    /// <param name="segment">An open segment that nobody shares.</param>
    /// <param name="row">The token's key and value.</param>
    /// <param name="position">Its place in the text.</param>
    /// <returns>The squared distance to the mean of its cluster; -1 when there is no room and nothing was done: the segment must be clustered anew.</returns>
    public float Insert(Segment segment, byte* row, int position)
    {
        layout.Read(row, _key);
        layout.Read(row + layout.Half, _value);
        (int leaf, float distance) = Nearest(segment.Leaves);
        if (segment.Leaves.Nodes[leaf].Count == segment.Leaves.Nodes[leaf].Capacity)
        {
            if (!Split(segment, leaf))
                return -1;
            (leaf, distance) = Nearest(segment.Leaves);
            if (segment.Leaves.Nodes[leaf].Count == segment.Leaves.Nodes[leaf].Capacity)
                return -1;
        }

        ClusterNode node = segment.Leaves.Nodes[leaf];
        int at = node.Start + node.Count;
        new ReadOnlySpan<byte>(row, layout.Pitch).CopyTo(new Span<byte>(segment.Row(at), layout.Pitch));
        segment.Positions[at] = position;
        segment.Count++;
        segment.End = Math.Max(segment.End, position + 1);
        for (int level = 0, cluster = leaf; level < segment.Levels.Count; level++)
        {
            Take(segment.Levels[level], cluster);
            if (level + 1 < segment.Levels.Count)
                cluster = Parent(segment.Levels[level + 1], cluster);
        }

        return distance;
    }

    public void Dispose()
    {
        _rows.Dispose();
    }

    private (int Leaf, float Distance) Nearest(ClusterLevel leaves)
    {
        (int Leaf, float Distance) nearest = (0, float.PositiveInfinity);
        for (int leaf = 0; leaf < leaves.Count; leaf++)
        {
            if (leaves.Nodes[leaf].Count == 0)
                continue;
            float distance = Distance.SquaredL2(_key, leaves.MeanSpan(leaf));
            if (distance < nearest.Distance)
                nearest = (leaf, distance);
        }

        return nearest;
    }

    private static int Parent(ClusterLevel parents, int child)
    {
        int parent = 0;
        while (child >= parents.Nodes[parent].FirstChild + parents.Nodes[parent].ChildCapacity)
            parent++;
        return parent;
    }

    /// <summary>Moves a cluster's mean by one key; what was within the radius is within it and the shift.</summary>
    private void Take(ClusterLevel level, int cluster)
    {
        const float Slack = 1.000002f;
        ref ClusterNode node = ref level.Nodes[cluster];
        int count = node.Count + 1;
        Span<float> mean = level.MeanSpan(cluster), valueMean = level.ValueMeanSpan(cluster);
        float away = Distance.SquaredL2(_key, mean), valueAway = Distance.SquaredL2(_value, valueMean);
        Move(mean, _key, 1f / count);
        Move(valueMean, _value, 1f / count);
        float shift = MathF.Sqrt(away) / count, valueShift = MathF.Sqrt(valueAway) / count;
        node.Radius = Slack * MathF.Max(node.Radius + shift, MathF.Sqrt(away) * node.Count / count);
        node.ValueRadius = Slack * MathF.Max(node.ValueRadius + valueShift, MathF.Sqrt(valueAway) * node.Count / count);
        // The covariance about the new mean: n / (n+1) of the old one, and n / (n+1)^2 of the key's own square.
        node.Variance = Slack * ((float)node.Count / count * node.Variance + (float)node.Count / count / count * away);
        node.Count = count;
        level.Refresh(cluster);
    }

    /// <summary>Divides a full cluster by 2-means and gives one half a free place beside it.</summary>
    private bool Split(Segment segment, int leaf)
    {
        ClusterLevel leaves = segment.Leaves;
        int free = Free(segment, leaf), count = leaves.Nodes[leaf].Count;
        if (free < 0 || count < 2)
            return false;
        int second = Divide(segment, leaves.Nodes[leaf]);
        // The smaller half moves.
        if (second > count / 2)
        {
            for (int i = 0; i < count; i++)
                _isSecond[i] = !_isSecond[i];
            second = count - second;
        }

        ref ClusterNode from = ref leaves.Nodes[leaf];
        ref ClusterNode to = ref leaves.Nodes[free];
        if (second > to.Capacity)
            return false;
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            int target = _isSecond[i] ? to.Start + to.Count++ : from.Start + kept++;
            if (target == from.Start + i)
                continue;
            new ReadOnlySpan<byte>(segment.Row(from.Start + i), layout.Pitch).CopyTo(new Span<byte>(segment.Row(target), layout.Pitch));
            segment.Positions[target] = segment.Positions[from.Start + i];
        }

        from.Count = kept;
        statistics.OfLeaf(segment, leaf);
        statistics.OfLeaf(segment, free);
        if (segment.Levels.Count > 1)
            segment.Levels[1].Nodes[Parent(segment.Levels[1], leaf)].Children++;
        return true;
    }

    /// <summary>An empty place below the same parent; -1 if there is none.</summary>
    private static int Free(Segment segment, int leaf)
    {
        if (segment.Levels.Count > 1)
        {
            ClusterNode parent = segment.Levels[1].Nodes[Parent(segment.Levels[1], leaf)];
            return parent.Children < parent.ChildCapacity ? parent.FirstChild + parent.Children : -1;
        }

        for (int slot = 0; slot < segment.Leaves.Count; slot++)
        {
            if (segment.Leaves.Nodes[slot].Count == 0)
                return slot;
        }

        return -1;
    }

    /// <summary>Marks the keys of the second half; returns how many, at least one and not all.</summary>
    private int Divide(Segment segment, ClusterNode node)
    {
        int count = node.Count, stride = layout.Stride;
        Room.Grow(ref _isSecond, count);
        Room.Grow(ref _rows, (long)(count + 2) * stride);

        for (int i = 0; i < count; i++)
            layout.Read(segment.Row(node.Start + i), Row(i));
        Span<float> first = Row(count), second = Row(count + 1);
        Row(Farthest(Row(0), count)).CopyTo(first);
        Row(Farthest(first, count)).CopyTo(second);
        int size = 0;
        for (int iteration = 0; iteration < SplitIterations; iteration++)
        {
            size = 0;
            for (int i = 0; i < count; i++)
            {
                _isSecond[i] = Distance.SquaredL2(Row(i), second) < Distance.SquaredL2(Row(i), first);
                size += _isSecond[i] ? 1 : 0;
            }

            if (size == 0 || size == count)
                break;
            Mean(first, false, count);
            Mean(second, true, count);
        }

        if (size > 0 && size < count)
            return size;
        // All keys are the same.
        for (int i = 0; i < count; i++)
            _isSecond[i] = i < count / 2;
        return count / 2;
    }

    private int Farthest(ReadOnlySpan<float> from, int count)
    {
        (int At, float Distance) farthest = (0, -1);
        for (int i = 0; i < count; i++)
        {
            float distance = Distance.SquaredL2(Row(i), from);
            if (distance > farthest.Distance)
                farthest = (i, distance);
        }

        return farthest.At;
    }

    private void Mean(Span<float> mean, bool isSecond, int count)
    {
        mean.Clear();
        int size = 0;
        for (int i = 0; i < count; i++)
        {
            if (_isSecond[i] == isSecond)
                Move(mean, Row(i), 1f / ++size);
        }
    }

    private Span<float> Row(int row) => _rows.Slice((long)row * layout.Stride, layout.Stride);

    /// <summary>mean += share * (row - mean).</summary>
    private static void Move(Span<float> mean, ReadOnlySpan<float> row, float share)
    {
        for (int d = 0; d < mean.Length; d += Vector<float>.Count)
        {
            var old = new Vector<float>(mean[d..]);
            (old + share * (new Vector<float>(row[d..]) - old)).CopyTo(mean[d..]);
        }
    }
}

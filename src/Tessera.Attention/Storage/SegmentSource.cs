using System.Runtime.InteropServices;
using Tessera.Attention.Trees;
using Tessera.Kernels;
using Tessera.Storage;

namespace Tessera.Attention.Storage;

/// <summary>Takes the segments of one head out of the sections of a file, and refuses what would lead a reader of the trees astray.</summary>
internal sealed unsafe class SegmentSource(TsrReader file, string name, int[] numbers, byte[] rows, int[] positions, float[] means, byte[] clusters)
{
    private const int MostLevels = 8;

    private int _number;
    private int _row;
    private int _position;
    private int _mean;
    private int _cluster;

    public void Skip(int count) => _number += count;

    public void TakeRows(byte* target, int count, int pitch)
    {
        Require(rows.Length - _row >= (long)count * pitch, "rows", "the rows are cut short");
        rows.AsSpan(_row, count * pitch).CopyTo(new Span<byte>(target, count * pitch));
        _row += count * pitch;
    }

    public Segment Next(BufferPool pool, RowLayout layout)
    {
        (int count, int capacity, int first, int end, int isOpen, int levels) = (Number(), Number(), Number(), Number(), Number(), Number());
        Require(count <= capacity && (long)capacity * layout.Pitch <= rows.Length - _row && capacity <= positions.Length - _position && levels <= MostLevels, "shape", $"a segment of {count} keys in {capacity} rows does not fit the file");
        Segment segment = pool.RentSegment(layout, capacity);
        try
        {
            (segment.Count, segment.First, segment.End, segment.IsOpen) = (count, first, end, isOpen != 0);
            TakeRows(segment.Rows, capacity, layout.Pitch);
            positions.AsSpan(_position, capacity).CopyTo(new Span<int>(segment.Positions, capacity));
            _position += capacity;
            for (int level = 0; level < levels; level++)
                segment.Levels.Add(NextLevel(pool, segment, level));
            RequireRows(segment);
            return segment;
        }
        catch
        {
            segment.Release();
            throw;
        }
    }

    public void RequireEnd() => Require(
        _number == numbers.Length && _row == rows.Length && _position == positions.Length && _mean == means.Length && _cluster == clusters.Length,
        "shape",
        "the sections hold more than the segments that are named");

    private ClusterLevel NextLevel(BufferPool pool, Segment segment, int level)
    {
        (int slots, int count) = (Number(), Number());
        int stride = segment.Layout.Stride;
        Require(count <= slots && 2L * slots * stride <= means.Length - _mean && (long)slots * sizeof(ClusterNode) <= clusters.Length - _cluster, "shape", $"a level of {count} clusters in {slots} slots does not fit the file");
        Span<float> taken = means.AsSpan(_mean, 2 * slots * stride);
        Require(Finite.FirstBad(taken) < 0, "means", "a mean is not finite");
        ClusterLevel clusterLevel = pool.RentLevel(slots, stride);
        taken.CopyTo(new Span<float>(clusterLevel.Mean(0), taken.Length));
        _mean += taken.Length;
        MemoryMarshal.Cast<byte, ClusterNode>(clusters.AsSpan(_cluster, slots * sizeof(ClusterNode))).CopyTo(new Span<ClusterNode>(clusterLevel.Nodes, slots));
        _cluster += slots * sizeof(ClusterNode);
        clusterLevel.Count = count;
        for (int i = 0; i < slots; i++)
        {
            ClusterNode node = clusterLevel.Nodes[i];
            bool isRight = level == 0
                ? node.Start >= 0 && node.Count >= 0 && node.Count <= node.Capacity && (long)node.Start + node.Capacity <= segment.Capacity
                : node.Count >= 0 && node.FirstChild >= 0 && node.Children >= 0 && node.Children <= node.ChildCapacity
                    && (long)node.FirstChild + node.ChildCapacity <= segment.Levels[level - 1].Count;
            Require(isRight && node.Radius >= 0 && node.Variance >= 0 && node.ValueRadius >= 0, "clusters", $"cluster {i} of level {level} does not fit its segment");
            clusterLevel.Refresh(i);
        }

        return clusterLevel;
    }

    /// <summary>Every key must be in one cluster, at a place of its own.</summary>
    private void RequireRows(Segment segment)
    {
        int held = 0, next = 0;
        for (int leaf = 0; segment.Levels.Count > 0 && leaf < segment.Leaves.Count; leaf++)
            held += segment.Leaves.Nodes[leaf].Count;
        Require(segment.Levels.Count == 0 || held == segment.Count, "clusters", $"clusters of {held} keys in a segment of {segment.Count}");
        for (int leaf = 0; segment.Levels.Count > 0 && !segment.IsOpen && leaf < segment.Leaves.Count; leaf++)
        {
            Require(segment.Leaves.Nodes[leaf].Start == next, "clusters", $"cluster {leaf} is not where the one before it ends");
            next += segment.Leaves.Nodes[leaf].Count;
        }

        for (int i = 0; i < segment.Capacity && !segment.IsOpen; i++)
            Require(segment.Positions[i] >= segment.First && segment.Positions[i] < segment.End, "positions", $"row {i} is at token {segment.Positions[i]}");
    }

    private int Number()
    {
        Require(_number < numbers.Length, "shape", "the sizes are cut short");
        return numbers[_number++];
    }

    private void Require(bool holds, string part, string problem)
    {
        if (!holds)
            throw file.Error($"{name}.{part}", problem + ".");
    }
}

using Tessera.Attention.Configuration;
using Tessera.Attention.Trees;
using Tessera.Kernels;
using Tessera.Storage;

namespace Tessera.Attention.Storage;

/// <summary>Reads what <see cref="HeadWriter"/> wrote, and refuses what is no head: whatever gives other parts their places is checked or worked out anew.</summary>
internal sealed unsafe class HeadReader(TsrReader file, string name, IndexConfig config, HiraCacheOptions options)
{
    private const int MostLevels = 7;

    private readonly int[] _shape = file.Read<int>($"{name}.shape").ToArray();
    private readonly long _rowBytes = file.Find($"{name}.rows").Count;
    private readonly ReadOnlyMemory<int> _positions = file.Read<int>($"{name}.positions");
    private readonly ReadOnlyMemory<float> _means = file.Read<float>($"{name}.means");
    private readonly ReadOnlyMemory<int> _clusters = file.Read<int>($"{name}.clusters");
    private readonly ReadOnlyMemory<float> _radii = file.Read<float>($"{name}.radii");
    private ReadOnlyMemory<byte> _codes;
    private (int Shape, long Rows, int Positions, int Means, int Clusters, int Codes) _at;

    /// <summary>Fills an empty store.</summary>
    public void ReadInto(HeadStore store, BufferPool pool)
    {
        (int length, int sinks, int tail, int insertions, int codebooks, int segments) = (Number(), Number(), Number(), Number(), Number(), Number());
        Require(sinks <= Math.Min(options.Sinks, length) && tail <= length - sinks && tail <= options.Window + options.SegmentSize, "shape", $"{sinks} sinks and {tail} of the latest tokens do not fit a head of {length} tokens");
        Require(((long)sinks + tail) * store.Layout.Pitch <= _rowBytes, "rows", "the rows are cut short");
        ReadOnlySpan<double> bounds = file.ReadExactly<double>($"{name}.bounds", 3).Span;
        foreach (double bound in bounds)
            Require(bound is >= 0 and < 1e30, "bounds", $"{bound} is no length");
        store.Restore(length, sinks, tail);
        (store.LongestKey, store.LongestValue, store.BuiltMeanSquare, store.Insertions) = ((float)bounds[0], (float)bounds[1], bounds[2], insertions);
        TakeRows(store.Sinks, sinks, store.Layout);
        TakeRows(store.Tail, tail, store.Layout);
        KeyCodebooks[] coded = ReadCodebooks(pool, store.Layout, codebooks);
        try
        {
            if (codebooks > 0)
                store.Exchange(coded[^1].Share());
            for (int i = 0; i < segments; i++)
                store.Restore(Next(pool, store.Layout, i > 0 ? store.Segments[^1].End : null, coded));
        }
        finally
        {
            foreach (KeyCodebooks each in coded)
                each.Release();
        }

        Require(segments == 0 || store.Segments[^1].End == length - tail, "shape", "the segments do not end where the latest tokens begin");
        Require(
            _at == (_shape.Length, _rowBytes, _positions.Length, _means.Length, _clusters.Length, _codes.Length),
            "shape",
            "the sections hold more than the segments that are named");
    }

    private KeyCodebooks[] ReadCodebooks(BufferPool pool, RowLayout layout, int count)
    {
        if (count == 0)
            return [];
        var parts = config as ProductQuantizationIndexConfig;
        Require(parts is not null && layout.Dimension % parts.NumSubquantizers == 0, "shape", $"codebooks for an index of the kind {config.IndexType}");
        long each = (long)layout.Dimension << parts!.BitsPerSubquantizer;
        ReadOnlySpan<float> numbers = file.ReadExactly<float>($"{name}.codebooks", count * each).Span;
        Require(Finite.FirstBad(numbers) < 0, "codebooks", "an entry is not finite");
        _codes = file.Read<byte>($"{name}.codes");
        var codebooks = new KeyCodebooks[count];
        for (int i = 0; i < count; i++)
        {
            codebooks[i] = pool.RentCodebooks(parts.NumSubquantizers, parts.BitsPerSubquantizer, layout.Dimension);
            codebooks[i].TrainedOn = _at.Shape < _shape.Length ? Number() : 0;
            numbers.Slice((int)(i * each), (int)each).CopyTo(codebooks[i].Numbers);
        }

        return codebooks;
    }

    private Segment Next(BufferPool pool, RowLayout layout, int? first, KeyCodebooks[] coded)
    {
        (int count, int start, int isOpen, int codebooks, int levels) = (Number(), Number(), Number(), Number(), Number());
        Require((first is null || start == first) && start <= int.MaxValue - count, "shape", $"a segment of {count} keys begins at token {start}, not behind the one before");
        Require(isOpen <= (levels > 0 ? 1 : 0) && codebooks <= (levels > 0 ? coded.Length : 0) && levels <= MostLevels, "shape", $"a segment of {levels} levels is not of this index");
        Require(count <= options.SegmentSize && (long)count * layout.Pitch <= _rowBytes - _at.Rows && count <= _positions.Length - _at.Positions, "shape", $"a segment of {count} keys does not fit the file");
        Span<int> slots = stackalloc int[MostLevels];
        for (int level = 0; level < levels; level++)
            slots[level] = Number();
        Segment segment = pool.RentSegment(layout, levels == 0 ? count : Capacity(slots[0], count));
        try
        {
            (segment.Count, segment.First, segment.End, segment.IsOpen) = (count, start, start + count, isOpen == 1);
            for (int level = 0; level < levels; level++)
                ReadLevel(pool, segment, slots[level]);
            Require(levels == 0 || segment.IsOpen || segment.Capacity == count, "clusters", "a packed segment has gaps");
            ReadRows(segment);
            if (codebooks > 0)
                ReadCodes(segment, coded[codebooks - 1]);
            return segment;
        }
        catch
        {
            segment.Release();
            throw;
        }
    }

    /// <summary>Rows that the clusters of a segment have, gaps included; refused when they are more than its making gives them.</summary>
    private int Capacity(int clusters, int count)
    {
        Require(2L * clusters <= _clusters.Length - _at.Clusters, "clusters", "the clusters are cut short");
        ReadOnlySpan<int> leaves = _clusters.Span.Slice(_at.Clusters, 2 * clusters);
        long held = 0, room = 0;
        for (int leaf = 0; leaf < clusters; leaf++)
        {
            (int keys, int most) = (leaves[2 * leaf], leaves[2 * leaf + 1]);
            Require(keys >= 0 && keys <= most, "clusters", $"a cluster has {keys} keys and room for {most}");
            held += keys;
            room += most;
        }

        Require(held == count, "clusters", $"clusters of {held} keys in a segment of {count}");
        Require(room <= count + 2L * config.BranchingFactor * clusters && room <= int.MaxValue, "clusters", $"a segment of {count} keys has room for {room}");
        return (int)room;
    }

    private void ReadLevel(BufferPool pool, Segment segment, int slots)
    {
        int numbers = 2 * segment.Layout.Stride;
        Require(
            (long)slots * numbers <= _means.Length - _at.Means && 2L * slots <= _clusters.Length - _at.Clusters && 3L * (_at.Clusters / 2 + slots) <= _radii.Length,
            "shape",
            $"a level of {slots} clusters does not fit the file");
        ReadOnlySpan<float> means = _means.Span.Slice(_at.Means, slots * numbers), radii = _radii.Span.Slice(_at.Clusters / 2 * 3, 3 * slots);
        ReadOnlySpan<int> places = _clusters.Span.Slice(_at.Clusters, 2 * slots);
        Require(Finite.FirstBad(means) < 0, "means", "a mean is not finite");
        ClusterLevel level = pool.RentLevel(slots, segment.Layout.Stride);
        ClusterLevel? below = segment.Levels.Count == 0 ? null : segment.Top;
        segment.Levels.Add(level);
        level.Count = slots;
        means.CopyTo(new Span<float>(level.Mean(0), means.Length));
        int next = 0;
        for (int i = 0; i < slots; i++)
        {
            ref ClusterNode node = ref level.Nodes[i];
            (int used, int room) = (places[2 * i], places[2 * i + 1]);
            if (below is null)
            {
                (node.Start, node.Count, node.Capacity) = (next, used, room);
            }
            else
            {
                Require(used >= 0 && used <= room && room <= below.Count - next, "clusters", $"cluster {i} has {used} children and room for {room}");
                (node.FirstChild, node.Children, node.ChildCapacity) = (next, used, room);
                for (int child = next; child < next + used; child++)
                    node.Count += below.Nodes[child].Count;
            }

            next += room;
            (node.Radius, node.Variance, node.ValueRadius) = (radii[3 * i], radii[3 * i + 1], radii[3 * i + 2]);
            Require(node is { Radius: >= 0, Variance: >= 0, ValueRadius: >= 0 }, "radii", $"cluster {i} has a radius or a variance below zero");
            level.Refresh(i);
        }

        (_at.Means, _at.Clusters) = (_at.Means + means.Length, _at.Clusters + places.Length);
        Require(below is null || (next == below.Count && Keys(level) == segment.Count), "clusters", "some clusters are nobody's children");
    }

    private static int Keys(ClusterLevel level)
    {
        int keys = 0;
        for (int i = 0; i < level.Count; i++)
            keys += level.Nodes[i].Count;
        return keys;
    }

    /// <summary>Rows and positions, cluster by cluster; every token of the segment must be there once.</summary>
    private void ReadRows(Segment segment)
    {
        bool isPacked = segment.Capacity == segment.Count;
        var isThere = new bool[segment.Count];
        for (int leaf = 0; leaf < (isPacked ? 1 : segment.Leaves.Count); leaf++)
        {
            (int start, int count) = isPacked ? (0, segment.Count) : (segment.Leaves.Nodes[leaf].Start, segment.Leaves.Nodes[leaf].Count);
            TakeRows(segment.Row(start), count, segment.Layout);
            ReadOnlySpan<int> positions = _positions.Span.Slice(_at.Positions, count);
            positions.CopyTo(new Span<int>(segment.Positions + start, count));
            _at.Positions += count;
            foreach (int position in positions)
            {
                Require(position >= segment.First && position < segment.End && !isThere[position - segment.First], "positions", $"token {position} is not in the segment, or in it twice");
                isThere[position - segment.First] = true;
            }
        }
    }

    private void ReadCodes(Segment segment, KeyCodebooks codebooks)
    {
        long bytes = (long)segment.Count * codebooks.CodeSize;
        Require(bytes <= _codes.Length - _at.Codes, "codes", "the codes are cut short");
        segment.SetCodebooks(codebooks);
        _codes.Span.Slice(_at.Codes, (int)bytes).CopyTo(new Span<byte>(segment.Codes, (int)bytes));
        _at.Codes += (int)bytes;
    }

    private void TakeRows(byte* target, int count, RowLayout layout)
    {
        // A section may be longer than a span.
        const int Piece = 4096;
        if (count == 0)
            return;
        var numbers = new float[layout.Stride];
        for (int first = 0; first < count; first += Piece)
        {
            int rows = Math.Min(Piece, count - first), bytes = checked(rows * layout.Pitch);
            file.Read<byte>($"{name}.rows", _at.Rows, bytes).Span.CopyTo(new Span<byte>(target, bytes));
            _at.Rows += bytes;
            for (int half = 0; half < 2 * rows; half++, target += layout.Half)
            {
                layout.Read(target, numbers);
                Require(Finite.FirstBeyond(numbers, layout.Largest) < 0, "rows", "a number is not finite");
                Require(!numbers.AsSpan(layout.Dimension).ContainsAnyExcept(0f), "rows", $"behind number {layout.Dimension} a row is not padded with zeros");
            }
        }
    }

    private int Number()
    {
        Require(_at.Shape < _shape.Length, "shape", "the sizes are cut short");
        int number = _shape[_at.Shape++];
        Require(number >= 0, "shape", $"{number} is no size");
        return number;
    }

    private void Require(bool holds, string part, string problem)
    {
        if (!holds)
            throw file.Error($"{name}.{part}", problem + ".");
    }
}

using Tessera.Attention.Trees;
using Tessera.Kernels;

namespace Tessera.Attention.Storage;

/// <summary>
/// The keys and values of one head of one text in three zones: the first tokens (sinks), a tree over the middle, and the
/// latest tokens (the window and whatever waits behind it to go into the tree).
/// </summary>
internal sealed unsafe class HeadStore
{
    // Room from the start, so that a text that grows does not make the list grow.
    private const int MostExpected = 64;

    private readonly BufferPool _pool;
    private readonly HiraCacheOptions _options;
    private AlignedBuffer<byte> _sinks;
    private AlignedBuffer<byte> _tail;

    public HeadStore(BufferPool pool, RowLayout layout, HiraCacheOptions options)
    {
        _pool = pool;
        _options = options;
        Layout = layout;
        _sinks = pool.Rent(0);
        _tail = pool.Rent(0);
    }

    public RowLayout Layout { get; }

    /// <summary>Tokens that were added and not cropped, those evicted since included: the next token's place in the text.</summary>
    public int Length { get; private set; }

    public int SinkCount { get; private set; }

    /// <summary>The latest tokens, which lie in their order.</summary>
    public int TailCount { get; private set; }

    /// <summary>The segments, in the order of their tokens.</summary>
    public List<Segment> Segments { get; } = new(MostExpected);

    /// <summary>Keys in segments.</summary>
    public int ClusteredKeys { get; private set; }

    /// <summary>Keys in all.</summary>
    public int Keys => SinkCount + ClusteredKeys + TailCount;

    /// <summary>Length of the longest key so far.</summary>
    public float LongestKey { get; set; }

    /// <summary>Length of the longest value so far.</summary>
    public float LongestValue { get; set; }

    /// <summary>Updates that went into the tree since the newest segment was clustered; for incremental indexes.</summary>
    public int Insertions { get; set; }

    /// <summary>Mean squared distance of the newest segment's keys to their centroids when it was clustered; for incremental indexes.</summary>
    public double BuiltMeanSquare { get; set; }

    /// <summary>What keys are coded with from now on; null for an index without codes, and until there are keys enough.</summary>
    public KeyCodebooks? Codebooks { get; private set; }

    public byte* Sinks => _sinks.Pointer;

    public byte* Tail => _tail.Pointer;

    /// <summary>The place of the first token of the tail in the text.</summary>
    public int TailStart => Length - TailCount;

    /// <summary>Tokens that have left the window and wait.</summary>
    public int Pending => Math.Max(0, TailCount - _options.Window);

    /// <summary>Most tokens that the tail takes before its first must go into the tree.</summary>
    public int TailLimit => _options.Window + _options.SegmentSize;

    public void Append(ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        byte* row;
        if (Length < _options.Sinks && SinkCount == Length)
        {
            Reserve(ref _sinks, SinkCount + 1);
            row = Sinks + (long)SinkCount++ * Layout.Pitch;
        }
        else
        {
            Reserve(ref _tail, TailCount + 1);
            row = Tail + (long)TailCount++ * Layout.Pitch;
        }

        Layout.Write(row, key);
        Layout.Write(row + Layout.Half, value);
        // A little more than the length, for the rounding of the row and of this sum.
        LongestKey = MathF.Max(LongestKey, 1.01f * MathF.Sqrt(Distance.Dot(key, key)));
        LongestValue = MathF.Max(LongestValue, 1.01f * MathF.Sqrt(Distance.Dot(value, value)));
        Length++;
    }

    /// <summary>Replaces the segments from <paramref name="first"/> on, and the first tokens of the tail, by one segment that holds them.</summary>
    public void Replace(int first, int tailTokens, Segment segment)
    {
        for (int i = first; i < Segments.Count; i++)
        {
            ClusteredKeys -= Segments[i].Count;
            Segments[i].Release();
        }

        Segments.RemoveRange(first, Segments.Count - first);
        Segments.Add(segment);
        ClusteredKeys += segment.Count;
        DropTail(tailTokens);
    }

    /// <summary>The first tokens of the tail are now in the last segment, which may be another object than before.</summary>
    public void Moved(int tailTokens)
    {
        ClusteredKeys += tailTokens;
        DropTail(tailTokens);
    }

    /// <summary>Forgets the tokens from a place on.</summary>
    public void Crop(int length)
    {
        if (length >= Length)
            return;
        SinkCount = Math.Min(SinkCount, length);
        if (length >= TailStart)
        {
            TailCount -= Length - length;
            Length = length;
            return;
        }

        TailCount = 0;
        Length = length;
        while (Segments.Count > 0 && Segments[^1].End > length)
        {
            Segment last = Segments[^1];
            if (last.First < length)
                Dissolve(last, length);
            ClusteredKeys -= last.Count;
            last.Release();
            Segments.RemoveAt(Segments.Count - 1);
        }
    }

    /// <summary>Forgets the tokens behind the sinks and before a place in the tail.</summary>
    public void EvictTail(int before)
    {
        if (before > TailStart)
            DropTail(Math.Min(before - TailStart, TailCount));
    }

    /// <summary>Forgets a segment.</summary>
    public void Remove(int segment)
    {
        ClusteredKeys -= Segments[segment].Count;
        Segments[segment].Release();
        Segments.RemoveAt(segment);
    }

    /// <summary>Puts another segment in the place of one.</summary>
    public void Exchange(int at, Segment segment)
    {
        ClusteredKeys += segment.Count - Segments[at].Count;
        Segments[at].Release();
        Segments[at] = segment;
    }

    /// <summary>Takes over codebooks from their maker.</summary>
    public void Exchange(KeyCodebooks codebooks)
    {
        Codebooks?.Release();
        Codebooks = codebooks;
    }

    /// <summary>A store with the same content, whose segments are shared.</summary>
    public HeadStore Share()
    {
        var copy = new HeadStore(_pool, Layout, _options)
        {
            Length = Length,
            SinkCount = SinkCount,
            TailCount = TailCount,
            ClusteredKeys = ClusteredKeys,
            LongestKey = LongestKey,
            LongestValue = LongestValue,
            Insertions = Insertions,
            BuiltMeanSquare = BuiltMeanSquare,
            Codebooks = Codebooks?.Share(),
        };
        copy.Reserve(ref copy._sinks, SinkCount);
        CopyRows(Sinks, copy.Sinks, SinkCount);
        copy.Reserve(ref copy._tail, TailCount);
        CopyRows(Tail, copy.Tail, TailCount);
        foreach (Segment segment in Segments)
            copy.Segments.Add(segment.Share());
        return copy;
    }

    /// <summary>Takes over what a file says, before rows and segments are filled in.</summary>
    public void Restore(int length, int sinks, int tail)
    {
        (Length, SinkCount, TailCount) = (length, sinks, tail);
        Reserve(ref _sinks, sinks);
        Reserve(ref _tail, tail);
    }

    /// <summary>Adds a segment that a file held.</summary>
    public void Restore(Segment segment)
    {
        Segments.Add(segment);
        ClusteredKeys += segment.Count;
    }

    public void Release()
    {
        _pool.Return(_sinks);
        _pool.Return(_tail);
        foreach (Segment segment in Segments)
            segment.Release();
        Segments.Clear();
        Codebooks?.Release();
        Codebooks = null;
    }

    private void DropTail(int tokens)
    {
        TailCount -= tokens;
        long bytes = (long)TailCount * Layout.Pitch;
        Buffer.MemoryCopy(Tail + (long)tokens * Layout.Pitch, Tail, bytes, bytes);
    }

    /// <summary>Puts the tokens of a segment that lie before a place back into the tail, in their order.</summary>
    private void Dissolve(Segment segment, int before)
    {
        TailCount = before - segment.First;
        Reserve(ref _tail, TailCount);
        for (int leaf = 0; leaf < (segment.Levels.Count == 0 ? 1 : segment.Leaves.Count); leaf++)
        {
            (int start, int count) = segment.Levels.Count == 0 ? (0, segment.Count) : (segment.Leaves.Nodes[leaf].Start, segment.Leaves.Nodes[leaf].Count);
            for (int row = start; row < start + count; row++)
            {
                int at = segment.Positions[row] - segment.First;
                if (at < TailCount)
                    CopyRows(segment.Row(row), Tail + (long)at * Layout.Pitch, 1);
            }
        }
    }

    private void Reserve(ref AlignedBuffer<byte> rows, int tokens)
    {
        if ((long)tokens * Layout.Pitch <= rows.Length)
            return;
        AlignedBuffer<byte> larger = _pool.Rent((long)tokens * Layout.Pitch);
        Buffer.MemoryCopy(rows.Pointer, larger.Pointer, larger.Length, rows.Length);
        _pool.Return(rows);
        rows = larger;
    }

    private void CopyRows(byte* source, byte* target, int count)
    {
        long bytes = (long)count * Layout.Pitch;
        Buffer.MemoryCopy(source, target, bytes, bytes);
    }
}

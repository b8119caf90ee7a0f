using Tessera.Attention.Storage;
using Tessera.Kernels;

namespace Tessera.Attention.Trees;

/// <summary>
/// A run of tokens whose rows lie in the order of their clusters, with a tree over them. Attention over a set needs no order,
/// so a cluster that is opened is one stream of memory. Shared by beams until one of them changes it.
/// </summary>
internal sealed unsafe class Segment(BufferPool pool)
{
    private AlignedBuffer<byte> _rows = null!;
    private AlignedBuffer<byte> _positions = null!;
    private AlignedBuffer<byte>? _codes;
    private int _references;

    public RowLayout Layout { get; private set; } = null!;

    /// <summary>Rows that there is room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>Keys held.</summary>
    public int Count { get; set; }

    /// <summary>The first token's place in its text.</summary>
    public int First { get; set; }

    /// <summary>The place behind the last token's.</summary>
    public int End { get; set; }

    /// <summary>Clusters of keys first, then clusters of those, and so on; none for an index of one level.</summary>
    public List<ClusterLevel> Levels { get; } = [];

    /// <summary>What the rows were coded with; null where they have no codes.</summary>
    public KeyCodebooks? Codebooks { get; private set; }

    /// <summary>Product codes of what is left of the rows' keys when the means of their clusters are taken away, row after row.</summary>
    public byte* Codes => _codes!.Pointer;

    /// <summary>Whether new keys may still be inserted; rows and clusters then have gaps between them.</summary>
    public bool IsOpen { get; set; }

    public bool IsShared => Volatile.Read(ref _references) > 1;

    public ClusterLevel Leaves => Levels[0];

    public ClusterLevel Top => Levels[^1];

    public byte* Rows => _rows.Pointer;

    /// <summary>The token's place in its text, for each row.</summary>
    public int* Positions => (int*)_positions.Pointer;

    public byte* Row(int row) => Rows + (long)row * Layout.Pitch;

    /// <summary>Takes memory for rows.</summary>
    public Segment Begin(RowLayout layout, int capacity)
    {
        (Layout, Capacity, Count, IsOpen, _references) = (layout, capacity, 0, false, 1);
        _rows = pool.Rent((long)capacity * layout.Pitch);
        _positions = pool.Rent((long)capacity * sizeof(int));
        return this;
    }

    /// <summary>Makes room for codes of all rows.</summary>
    public void SetCodebooks(KeyCodebooks codebooks)
    {
        Codebooks = codebooks.Share();
        // Packed numbers are read two bytes at a time.
        _codes = pool.Rent((long)Count * codebooks.CodeSize + 1);
    }

    public Segment Share()
    {
        Interlocked.Increment(ref _references);
        return this;
    }

    /// <summary>Gives the memory back once nobody shares it any more.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) > 0)
            return;
        pool.Return(_rows);
        pool.Return(_positions);
        if (_codes is not null)
            pool.Return(_codes);
        Codebooks?.Release();
        (_codes, Codebooks) = (null, null);
        foreach (ClusterLevel level in Levels)
            level.Release();
        Levels.Clear();
        pool.Return(this);
    }

    /// <summary>A copy that keys can be inserted into, without codes.</summary>
    public Segment Clone()
    {
        Segment copy = pool.RentSegment(Layout, Capacity);
        (copy.Count, copy.First, copy.End, copy.IsOpen) = (Count, First, End, IsOpen);
        new ReadOnlySpan<byte>(Rows, checked(Capacity * Layout.Pitch)).CopyTo(new Span<byte>(copy.Rows, Capacity * Layout.Pitch));
        new ReadOnlySpan<int>(Positions, Capacity).CopyTo(new Span<int>(copy.Positions, Capacity));
        foreach (ClusterLevel level in Levels)
        {
            ClusterLevel levelCopy = pool.RentLevel(level.Slots, level.Stride);
            levelCopy.CopyFrom(level);
            copy.Levels.Add(levelCopy);
        }

        return copy;
    }
}

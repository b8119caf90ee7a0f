using Tessera.Attention.Storage;
using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

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
    public ProductQuantizer? Quantizer { get; private set; }

    /// <summary>The quantizer's codebooks.</summary>
    public Matrix? Codebooks { get; private set; }

    /// <summary>Product codes of the rows' residuals, row after row.</summary>
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

    /// <summary>Codes all rows.</summary>
    /// <param name="quantizer">Trained.</param>
    /// <param name="residuals">What is left of each key when its cluster's mean is taken away, row by row.</param>
    public void SetCodes(ProductQuantizer quantizer, Matrix residuals)
    {
        SetQuantizer(quantizer);
        var codes = new byte[residuals.Rows * quantizer.CodeSize];
        quantizer.Encode(residuals, codes, 1);
        codes.CopyTo(new Span<byte>(Codes, codes.Length));
    }

    /// <summary>Makes room for codes.</summary>
    public void SetQuantizer(ProductQuantizer quantizer)
    {
        (Quantizer, Codebooks) = (quantizer, quantizer.Codebooks);
        // Packed numbers are read eight bytes at a time.
        _codes = pool.Rent((long)Count * quantizer.CodeSize + sizeof(ulong));
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
        (_codes, Quantizer, Codebooks) = (null, null, null);
        foreach (ClusterLevel level in Levels)
            level.Release();
        Levels.Clear();
        pool.Return(this);
    }

    /// <summary>A copy that can be changed.</summary>
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

        if (Quantizer is not null)
        {
            copy.SetQuantizer(Quantizer);
            new ReadOnlySpan<byte>(Codes, Count * Quantizer.CodeSize).CopyTo(new Span<byte>(copy.Codes, Count * Quantizer.CodeSize));
        }

        return copy;
    }
}

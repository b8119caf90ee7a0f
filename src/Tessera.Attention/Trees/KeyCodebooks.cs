using Tessera.Attention.Storage;
using Tessera.Kernels;

namespace Tessera.Attention.Trees;

/// <summary>
/// The codebooks of a head, one for each part of a key. Shared by the segments whose keys were coded with them; the last of
/// these gives the memory back.
/// </summary>
internal sealed unsafe class KeyCodebooks(BufferPool pool)
{
    private AlignedBuffer<byte> _numbers = null!;
    private int _references;

    /// <summary>Parts that a key is cut into.</summary>
    public int Parts { get; private set; }

    /// <summary>Bits of a part's code.</summary>
    public int Bits { get; private set; }

    /// <summary>Numbers of a part.</summary>
    public int SubDimension { get; private set; }

    /// <summary>Keys that they were learned from.</summary>
    public int TrainedOn { get; set; }

    /// <summary>Entries of a codebook.</summary>
    public int Entries => 1 << Bits;

    /// <summary>Bytes of a key's code.</summary>
    public int CodeSize => (Parts * Bits + 7) / 8;

    /// <summary>All codebooks, one after the other.</summary>
    public Span<float> Numbers => new(_numbers.Pointer, Parts * Entries * SubDimension);

    /// <summary>The codebook of a part, entry after entry.</summary>
    public Span<float> Part(int part) => Numbers.Slice(part * Entries * SubDimension, Entries * SubDimension);

    /// <summary>Takes memory for codebooks.</summary>
    public KeyCodebooks Begin(int parts, int bits, int dimension)
    {
        (Parts, Bits, SubDimension, TrainedOn, _references) = (parts, bits, dimension / parts, 0, 1);
        _numbers = pool.Rent((long)Parts * Entries * SubDimension * sizeof(float));
        return this;
    }

    public KeyCodebooks Share()
    {
        Interlocked.Increment(ref _references);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) > 0)
            return;
        pool.Return(_numbers);
        pool.Return(this);
    }
}

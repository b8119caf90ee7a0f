using Tessera.Attention.Kernels;

namespace Tessera.Attention.Storage;

/// <summary>
/// How one token lies in memory: its key, padded with zeros, and its value behind it. Reading a run of tokens is then one
/// stream of memory, which is what the processor's own prefetching follows best.
/// </summary>
internal sealed unsafe class RowLayout
{
    /// <summary>The largest dimension; a token's bytes are to be counted in an int.</summary>
    public const int MostDimension = 1 << 20;

    public RowLayout(int dimension, KeyFormat format)
    {
        Dimension = dimension;
        Format = format;
        Stride = AttentionKernel.Stride(dimension);
        Kernel = AttentionKernel.For(format);
    }

    /// <summary>Numbers in a key, and in a value.</summary>
    public int Dimension { get; }

    public KeyFormat Format { get; }

    /// <summary>Numbers that a key takes, padding included.</summary>
    public int Stride { get; }

    /// <summary>The kernel for rows of this format.</summary>
    public AttentionKernel Kernel { get; }

    /// <summary>Bytes of a key.</summary>
    public int Half => Stride * Kernel.Bytes;

    /// <summary>Bytes of a token.</summary>
    public int Pitch => 2 * Half;

    /// <summary>Largest size of a number that this format can keep.</summary>
    public float Largest => Format == KeyFormat.F16 ? 65504f : 1e15f;

    /// <summary>Writes a key or a value.</summary>
    public void Write(byte* target, ReadOnlySpan<float> source)
    {
        new Span<byte>(target, Half).Clear();
        switch (Format)
        {
            case KeyFormat.F16:
                for (int d = 0; d < source.Length; d++)
                    ((Half*)target)[d] = (Half)source[d];
                break;
            case KeyFormat.BF16:
                for (int d = 0; d < source.Length; d++)
                    ((ushort*)target)[d] = Rounded(source[d]);
                break;
            default:
                source.CopyTo(new Span<float>(target, source.Length));
                break;
        }
    }

    /// <summary>Reads a key or a value with its padding.</summary>
    public void Read(byte* source, Span<float> target)
    {
        switch (Format)
        {
            case KeyFormat.F16:
                for (int d = 0; d < target.Length; d++)
                    target[d] = (float)((Half*)source)[d];
                break;
            case KeyFormat.BF16:
                for (int d = 0; d < target.Length; d++)
                    target[d] = BitConverter.UInt32BitsToSingle((uint)((ushort*)source)[d] << 16);
                break;
            default:
                new Span<float>(source, target.Length).CopyTo(target);
                break;
        }
    }

    /// <summary>To the nearest number whose lower half is zero, ties to even.</summary>
    private static ushort Rounded(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}

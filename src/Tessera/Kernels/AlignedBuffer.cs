using System.Runtime.InteropServices;

namespace Tessera.Kernels;

/// <summary>
/// Native memory aligned to 64 bytes, one cache line and one 512-bit vector, so that no load of a kernel straddles two
/// lines. The collector neither moves nor clears it.
/// </summary>
internal sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint Alignment = 64;
    private T* _pointer;

    /// <summary>Allocates room for <paramref name="length"/> values, not cleared.</summary>
    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = checked((nuint)length * (nuint)sizeof(T));
        // Kernels may read (never write) up to one vector past the last value.
        _pointer = (T*)NativeMemory.AlignedAlloc(bytes + Alignment, Alignment);
        if (bytes > 0)
            GC.AddMemoryPressure((long)bytes);
    }

    ~AlignedBuffer() => Free();

    /// <summary>Values that fit.</summary>
    public long Length { get; }

    public T* Pointer => _pointer != null ? _pointer : throw new ObjectDisposedException(nameof(AlignedBuffer<>));

    /// <summary>The whole buffer, which must be shorter than 2^31 values.</summary>
    public Span<T> Span => new(Pointer, checked((int)Length));

    /// <summary>Part of the buffer.</summary>
    public Span<T> Slice(long start, int count)
    {
        if (start < 0 || count < 0 || start > Length - count)
            throw new ArgumentOutOfRangeException(nameof(start));
        return new Span<T>(Pointer + start, count);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pointer == null)
            return;
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        if (Length > 0)
            GC.RemoveMemoryPressure(Length * sizeof(T));
    }
}

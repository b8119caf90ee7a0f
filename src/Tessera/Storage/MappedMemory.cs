using System.Buffers;

namespace Tessera.Storage;

/// <summary>Elements of a mapped file as memory. It keeps the mapping reachable, and refuses once the mapping is disposed.</summary>
internal sealed unsafe class MappedMemory<T>(FileMapping mapping, T* start, int length) : MemoryManager<T> where T : unmanaged
{
    /// <summary>Needs no span, and so no check, to be made.</summary>
    public override Memory<T> Memory => CreateMemory(length);

    public override Span<T> GetSpan()
    {
        mapping.RequireOpen();
        return new Span<T>(start, length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        if ((uint)elementIndex > (uint)length)
            throw new ArgumentOutOfRangeException(nameof(elementIndex), elementIndex, $"The memory has {length} elements.");
        mapping.Pin();
        return new MemoryHandle(start + elementIndex, default, this);
    }

    public override void Unpin() => mapping.Unpin();

    protected override void Dispose(bool disposing)
    {
    }
}

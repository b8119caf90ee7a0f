using System.Buffers;
using System.Runtime.InteropServices;

namespace Tessera.Storage;

/// <summary>Elements of a mapped file as memory. It keeps the mapping reachable, and refuses once the mapping is disposed.</summary>
internal sealed unsafe class MappedMemory<T>(FileMapping mapping, T* start, int length) : MemoryManager<T> where T : unmanaged
{
    /// <summary>Needs no span, and so no check, to be made.</summary>
    public override Memory<T> Memory => CreateMemory(length);

    /// <summary>Copies memory; that of a mapped file by reading the file, so that a pass over it does not fill the process's memory.</summary>
    public static void Copy(ReadOnlyMemory<T> source, Span<T> target)
    {
        if (MemoryMarshal.TryGetMemoryManager(source, out MappedMemory<T>? mapped, out int first, out int count))
            mapped.Read(first, target[..count]);
        else
            source.Span.CopyTo(target);
    }

    /// <summary>Has the system fetch memory of a mapped file that will soon be read (see <see cref="FileMapping.Fetch"/>).</summary>
    public static void Fetch(ReadOnlyMemory<T> soon)
    {
        if (MemoryMarshal.TryGetMemoryManager(soon, out MappedMemory<T>? mapped, out int first, out int count))
            mapped.Fetch(first, count);
    }

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

    private void Read(int first, Span<T> target) => mapping.Read(start + first, target);

    private void Fetch(int first, int count) => mapping.Fetch(start + first, count);
}

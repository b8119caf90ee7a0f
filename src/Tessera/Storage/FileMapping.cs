using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Tessera.Storage;

/// <summary>
/// A whole file mapped read-only. <see cref="Slice{T}"/> gives memory over it without a copy. Disposing unmaps it once no
/// pin is left; a mapping that is never disposed stays to the end of the process rather than vanish under a span.
/// </summary>
internal sealed unsafe class FileMapping : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly byte* _start;
    private int _disposed;

    private FileMapping(SafeFileHandle file, long length)
    {
        Length = length;
        _file = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _handle = _view.SafeMemoryMappedViewHandle;
        // The reference taken here is given back by Dispose alone, which is what keeps a finaliser from unmapping.
        _handle.AcquirePointer(ref _start);
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Maps <paramref name="length"/> bytes, at least 1 and no more than the file has. The handle may be closed afterwards.</summary>
    public static FileMapping Open(SafeFileHandle file, long length) => new(file, length);

    /// <summary>Bytes of the file; valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Span(long offset, int count)
    {
        RequireOpen();
        RequireInside(offset, count);
        return new ReadOnlySpan<byte>(_start + offset, count);
    }

    /// <summary>Elements of the file as memory that throws <see cref="ObjectDisposedException"/> when asked for its span after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<T> Slice<T>(long offset, int count) where T : unmanaged
    {
        RequireOpen();
        RequireInside(offset, (long)count * sizeof(T));
        return new MappedMemory<T>(this, (T*)(_start + offset), count).Memory;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _handle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    internal void RequireOpen() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, typeof(TsrReader));

    /// <summary>Holds the mapping in place, through <see cref="Dispose"/> too, until <see cref="Unpin"/>.</summary>
    internal void Pin()
    {
        bool added = false;
        _handle.DangerousAddRef(ref added);
    }

    internal void Unpin() => _handle.DangerousRelease();

    private void RequireInside(long offset, long bytes)
    {
        if (offset < 0 || bytes < 0 || offset > Length - bytes)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{bytes} bytes from there are not within the file's {Length}.");
    }
}

using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tessera.Storage;

/// <summary>
/// A file, or a part of one, mapped read-only. <see cref="Slice{T}"/> gives memory over it without a copy, and
/// <see cref="Read"/> copies by plain reads, so that what is passed over once does not count as the process's memory.
/// </summary>
internal sealed unsafe class FileMapping : IDisposable
{
    private readonly SafeFileHandle _source;
    private readonly bool _ownsSource;
    private readonly long _start;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly byte* _bytes;
    private readonly bool _lasting;
    private int _disposed;

    private FileMapping(SafeFileHandle source, bool ownsSource, long start, long length, bool lasting)
    {
        (_source, _ownsSource, _start, Length, _lasting) = (source, ownsSource, start, length, lasting);
        _file = MemoryMappedFile.CreateFromFile(source, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(start, length, MemoryMappedFileAccess.Read);
        _handle = _view.SafeMemoryMappedViewHandle;
        // The reference taken here keeps a finaliser from unmapping; where it is kept, Dispose alone gives it back.
        _handle.AcquirePointer(ref _bytes);
        _bytes += _view.PointerOffset;
        if (!lasting)
            _handle.ReleasePointer();
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>
    /// Maps the first <paramref name="length"/> bytes of a file, at least 1 and no more than it has. The handle belongs to the
    /// mapping from then on. Disposing unmaps the file once no pin is left; a mapping that is never disposed stays to the end
    /// of the process rather than vanish under a span.
    /// </summary>
    public static FileMapping Open(SafeFileHandle file, long length) => new(file, ownsSource: true, 0, length, lasting: true);

    /// <summary>
    /// Maps a part of a file whose handle stays the caller's. It is unmapped when disposed, or once nothing refers to it or to
    /// memory over it: whoever takes a span keeps the memory alive until the span is done with.
    /// </summary>
    public static FileMapping OpenPart(SafeFileHandle file, long start, long length) => new(file, ownsSource: false, start, length, lasting: false);

    /// <summary>Bytes of the file; valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Span(long offset, int count)
    {
        RequireOpen();
        RequireInside(offset, count);
        return new ReadOnlySpan<byte>(_bytes + offset, count);
    }

    /// <summary>Elements of the file as memory that throws <see cref="ObjectDisposedException"/> when asked for its span after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<T> Slice<T>(long offset, int count) where T : unmanaged
    {
        RequireOpen();
        RequireInside(offset, (long)count * sizeof(T));
        return new MappedMemory<T>(this, (T*)(_bytes + offset), count).Memory;
    }

    /// <summary>Copies bytes by reading the file.</summary>
    public void Read(long offset, Span<byte> target)
    {
        RequireOpen();
        RequireInside(offset, target.Length);
        if (InputFile.Read(_source, target, _start + offset) < target.Length)
            throw new IOException($"A mapped file has been cut short: {target.Length} bytes were expected {_start + offset} bytes from its start.");
    }

    /// <summary>The same for memory that <see cref="Slice{T}"/> gave.</summary>
    internal void Read<T>(T* source, Span<T> target) where T : unmanaged
    {
        // Bytes are counted in int, so what is longer goes in pieces.
        const int Piece = 1 << 20;
        for (; !target.IsEmpty; source += Piece)
        {
            Span<T> piece = target[..Math.Min(Piece, target.Length)];
            Read((byte*)source - _bytes, MemoryMarshal.AsBytes(piece));
            target = target[piece.Length..];
        }
    }

    /// <summary>
    /// Tells the system that a part is read here and there, so that it fetches the pages that are touched and not what lies
    /// around them. A hint: where it cannot be given, all works as before.
    /// </summary>
    public void ExpectRandomReads(long offset, long length)
    {
        RequireOpen();
        RequireInside(offset, length);
        MemoryAdvice.Random(_bytes + offset, length);
    }

    /// <summary>Has the system fetch what memory that <see cref="Slice{T}"/> gave will soon be asked for, while others are fetched too. A hint as well.</summary>
    internal void Fetch<T>(T* start, int count) where T : unmanaged
    {
        RequireOpen();
        MemoryAdvice.Fetch((byte*)start, (long)count * sizeof(T));
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        if (_lasting)
            _handle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        if (_ownsSource)
            _source.Dispose();
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

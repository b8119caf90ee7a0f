using System.Buffers;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tessera.Storage;

/// <summary>
/// Reads a <c>.tsr</c> file through a mapping: opening it costs its table (and, when verified, one pass over its bytes),
/// and sections are used in place. Several threads may read at once. The file may be replaced by a rename meanwhile, as
/// <see cref="TsrWriter"/> does; it must not be cut short in place. The format: <c>docs/file-format.md</c>.
/// </summary>
/// <remarks>
/// <see cref="Dispose"/> unmaps the file. The memory handed out then throws <see cref="ObjectDisposedException"/> when it is
/// asked for its span, but a span taken before that points nowhere: do not dispose while one is in use, or hold a
/// <see cref="ReadOnlyMemory{T}.Pin"/>, which keeps the mapping in place. A reader that is never disposed keeps its mapping
/// to the end of the process.
/// </remarks>
public sealed class TsrReader : IDisposable
{
    private readonly FileMapping _mapping;
    private readonly TsrSection[] _sections;
    private readonly Dictionary<string, TsrSection> _byName;

    private TsrReader(string path, FileMapping mapping, string kind, TsrSection[] sections, Dictionary<string, TsrSection> byName)
    {
        Path = path;
        Kind = kind;
        _mapping = mapping;
        _sections = sections;
        _byName = byName;
    }

    /// <summary>The file, as given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>What the file is, as its writer named it.</summary>
    public string Kind { get; }

    /// <summary>Length of the file in bytes.</summary>
    public long Length => _mapping.Length;

    /// <summary>The table of contents, in the file's order.</summary>
    public IReadOnlyList<TsrSection> Sections => _sections;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file; other processes may hold it open.</param>
    /// <param name="verify">Whether to check every section's checksum, which reads the whole file once. The header and the table are always checked.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TesseraFormatException">The file is empty, a directory, foreign, damaged or of a newer version.</exception>
    public static TsrReader Open(string path, bool verify = true)
    {
        TsrFormat.RequireLittleEndian();
        SafeFileHandle handle = InputFile.Open(path);
        FileMapping? mapping = null;
        try
        {
            TsrHeader header = TsrHeader.Read(path, handle);
            mapping = FileMapping.Open(handle, header.FileLength);
            TsrSection[] sections = header.ReadTable(path, mapping, out Dictionary<string, TsrSection> byName);
            var reader = new TsrReader(path, mapping, header.Kind, sections, byName);
            if (verify)
                reader.Verify();
            return reader;
        }
        catch
        {
            mapping?.Dispose();
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Checks every section's checksum, for a file that was opened without.</summary>
    /// <exception cref="TesseraFormatException">A section is damaged.</exception>
    public void Verify(CancellationToken cancellationToken = default)
    {
        const int Piece = 1 << 18;
        byte[] room = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            foreach (TsrSection section in _sections)
            {
                uint crc = Crc32C.Start;
                for (long done = 0; done < section.Bytes; done += Piece)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    // Read, not mapped: a large file must not become the process's memory for one look at it.
                    Span<byte> bytes = room.AsSpan(0, (int)Math.Min(Piece, section.Bytes - done));
                    _mapping.Read(section.Offset + done, bytes);
                    crc = Crc32C.Append(crc, bytes);
                }

                if (Crc32C.Finish(crc) != section.Checksum)
                    throw Error(section.Name, "the checksum does not match, so the section is damaged; copy or build the file anew.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>Refuses a file of another kind.</summary>
    /// <exception cref="TesseraFormatException">The kind is another one.</exception>
    public void RequireKind(string kind)
    {
        if (!string.Equals(Kind, kind, StringComparison.Ordinal))
            throw new TesseraFormatException(Path, "header", TsrFormat.KindAt, $"this file is of kind '{Kind}' where '{kind}' was expected.");
    }

    /// <summary>Looks a section up.</summary>
    public bool TryFind(string section, out TsrSection found) => _byName.TryGetValue(section, out found);

    /// <summary>Looks a section up that must be there.</summary>
    /// <exception cref="TesseraFormatException">The file has no such section.</exception>
    public TsrSection Find(string section) => TryFind(section, out TsrSection found)
        ? found
        : throw new TesseraFormatException(Path, $"section '{section}'", 0, $"this file of kind '{Kind}' has no such section.");

    /// <summary>A whole section, in place: nothing is copied, and the numbers lie 64-byte aligned.</summary>
    /// <typeparam name="T">The type that the section was written with.</typeparam>
    /// <exception cref="TesseraFormatException">The file has no such section, or it holds another type.</exception>
    /// <exception cref="InvalidOperationException">The section has more than 2^31-1 elements; read it in slices.</exception>
    public ReadOnlyMemory<T> Read<T>(string section) where T : unmanaged
    {
        TsrSection found = Find(section, TsrFormat.TypeOf<T>());
        if (found.Count > int.MaxValue)
            throw new InvalidOperationException($"Section '{section}' has {found.Count} elements; read at most {int.MaxValue} at a time, by start and count.");
        return _mapping.Slice<T>(found.Offset, (int)found.Count);
    }

    /// <summary>A whole section whose number of elements follows from the rest of the file.</summary>
    /// <inheritdoc cref="Read{T}(string)"/>
    /// <exception cref="TesseraFormatException">The file has no such section, or it holds another type or another number of elements.</exception>
    public ReadOnlyMemory<T> ReadExactly<T>(string section, long count) where T : unmanaged
    {
        TsrSection found = Find(section, TsrFormat.TypeOf<T>());
        if (found.Count != count)
            throw Error(section, $"it has {found.Count} elements where {count} were expected.");
        return Read<T>(section);
    }

    /// <summary>A part of a section, in place.</summary>
    /// <param name="section">Its name.</param>
    /// <param name="start">The first element, from 0.</param>
    /// <param name="count">Elements; the part must lie within the section.</param>
    /// <inheritdoc cref="Read{T}(string)"/>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie within the section.</exception>
    public ReadOnlyMemory<T> Read<T>(string section, long start, int count) where T : unmanaged
    {
        TsrSection found = Find(section, TsrFormat.TypeOf<T>());
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (start < 0 || start > found.Count - count)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{count} elements from there are not within the section's {found.Count}.");
        return _mapping.Slice<T>(found.Offset + start * TsrFormat.SizeOf(found.Type), count);
    }

    /// <summary>Says that a section is read here and there (see <see cref="FileMapping.ExpectRandomReads"/>).</summary>
    internal void ExpectRandomReads(string section)
    {
        TsrSection found = Find(section);
        _mapping.ExpectRandomReads(found.Offset, found.Bytes);
    }

    /// <summary>A section of text.</summary>
    /// <exception cref="TesseraFormatException">The file has no such section, or it is no UTF-8 text.</exception>
    /// <exception cref="InvalidOperationException">The text has more than 2^30 bytes.</exception>
    public string ReadText(string section)
    {
        TsrSection found = Find(section, TsrElementType.Text);
        if (found.Count > 1 << 30)
            throw new InvalidOperationException($"Section '{section}' has {found.Count} bytes of text; a string takes 2^30 at most.");
        try
        {
            return TsrFormat.StrictUtf8.GetString(_mapping.Span(found.Offset, (int)found.Count));
        }
        catch (DecoderFallbackException)
        {
            throw Error(section, "it is not UTF-8 text.");
        }
    }

    /// <summary>The exception for a section whose content makes no sense, to be thrown by whoever interprets it.</summary>
    /// <param name="section">A section of this file, or what is missing.</param>
    /// <param name="problem">What is wrong there, and what would be right.</param>
    public TesseraFormatException Error(string section, string problem) =>
        new(Path, $"section '{section}'", TryFind(section, out TsrSection found) ? found.Offset : 0, problem);

    /// <summary>Unmaps the file; see the remarks about spans in use.</summary>
    public void Dispose() => _mapping.Dispose();

    private TsrSection Find(string section, TsrElementType type)
    {
        TsrSection found = Find(section);
        return found.Type == type ? found : throw Error(section, $"it holds {found.Type} where {type} was asked for.");
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tessera.Storage;

/// <summary>
/// Writes a <c>.tsr</c> file: typed, named, checksummed sections in the order of writing. The file appears at its path
/// only with <see cref="Commit"/>, by a rename; until then, and when the process dies, the file that was there stays.
/// Equal content gives equal bytes. Not for use by several threads at once. The format: <c>docs/file-format.md</c>.
/// </summary>
public sealed class TsrWriter : IDisposable
{
    private readonly AtomicFile _file;
    private readonly string _kind;
    private readonly List<TsrSection> _sections = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private TsrSection? _open;
    private uint _crc;
    private long _position;
    private bool _finished;
    private bool _broken;

    private TsrWriter(AtomicFile file, string kind)
    {
        _file = file;
        _kind = kind;
        // The header stays zero until Commit, so that a temporary file left by a killed process is never taken for a whole one.
        WriteBytes(new byte[TsrFormat.HeaderBytes]);
    }

    /// <summary>Starts a file.</summary>
    /// <param name="path">Where it will appear; its folder must exist.</param>
    /// <param name="kind">What the file is, such as <c>tessera/ivf-pq</c>: 1 to 64 printable ASCII characters without spaces.</param>
    /// <exception cref="ArgumentException">The kind is no such name.</exception>
    /// <exception cref="IOException">The path is a directory, or its folder cannot be written.</exception>
    public static TsrWriter Create(string path, string kind)
    {
        TsrFormat.RequireLittleEndian();
        TsrFormat.CheckName(kind, nameof(kind));
        AtomicFile file = AtomicFile.Create(path);
        try
        {
            return new TsrWriter(file, kind);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a whole section.</summary>
    /// <typeparam name="T">byte, sbyte, short, ushort, int, uint, long, ulong, float or double.</typeparam>
    /// <param name="section">A name not yet used in this file: 1 to 64 printable ASCII characters without spaces.</param>
    /// <param name="values">May be empty.</param>
    /// <exception cref="ArgumentException">The name is taken, or no such name.</exception>
    /// <exception cref="NotSupportedException">The element type is none of those above.</exception>
    /// <exception cref="InvalidOperationException">A section is open.</exception>
    public void Write<T>(string section, ReadOnlySpan<T> values) where T : unmanaged
    {
        Begin<T>(section);
        Append(values);
        End();
    }

    /// <summary>Writes a section of UTF-8 text.</summary>
    /// <param name="section">As for <see cref="Write{T}"/>.</param>
    /// <param name="text">May be empty.</param>
    /// <exception cref="ArgumentException">The name is taken or no such name, or the text holds half of a surrogate pair.</exception>
    public void WriteText(string section, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] bytes = TsrFormat.StrictUtf8.GetBytes(text);
        Begin(section, TsrElementType.Text);
        AppendBytes(bytes, bytes.Length);
        End();
    }

    /// <summary>Opens a section that is written in pieces, by <see cref="Append{T}"/>, up to <see cref="End"/>.</summary>
    /// <inheritdoc cref="Write{T}"/>
    public void Begin<T>(string section) where T : unmanaged => Begin(section, TsrFormat.TypeOf<T>());

    /// <summary>Adds elements to the open section; together they may exceed 2 GiB.</summary>
    /// <exception cref="InvalidOperationException">No section is open, or it holds another type.</exception>
    public void Append<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        if (_open is not { } open)
            throw new InvalidOperationException("No section is open; call Begin first.");
        if (open.Type != TsrFormat.TypeOf<T>())
            throw new InvalidOperationException($"Section '{open.Name}' holds {open.Type}, not {TsrFormat.TypeOf<T>()}.");
        // AsBytes counts in int, so what is longer than 2 GiB in bytes goes in pieces.
        const int Piece = 1 << 27;
        for (; values.Length > Piece; values = values[Piece..])
            AppendBytes(MemoryMarshal.AsBytes(values[..Piece]), Piece);
        AppendBytes(MemoryMarshal.AsBytes(values), values.Length);
    }

    /// <summary>Closes the open section.</summary>
    /// <exception cref="InvalidOperationException">No section is open.</exception>
    public void End()
    {
        if (_open is not { } open)
            throw new InvalidOperationException("No section is open; call Begin first.");
        _sections.Add(open with { Checksum = Crc32C.Finish(_crc) });
        _open = null;
    }

    /// <summary>Writes the table and the header, flushes to the disk and renames the file over its target. The writer is then done.</summary>
    /// <exception cref="InvalidOperationException">A section is open, or an earlier write failed.</exception>
    public void Commit()
    {
        RequireIdle();
        Pad();
        long tableOffset = _position;
        var table = new byte[checked(_sections.Count * TsrFormat.EntryBytes)];
        for (int i = 0; i < _sections.Count; i++)
            WriteEntry(_sections[i], table.AsSpan(i * TsrFormat.EntryBytes, TsrFormat.EntryBytes));
        WriteBytes(table);

        var header = new byte[TsrFormat.HeaderBytes];
        TsrFormat.Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(TsrFormat.VersionAt), TsrFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(TsrFormat.SectionCountAt), (uint)_sections.Count);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(TsrFormat.FileLengthAt), _position);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(TsrFormat.TableOffsetAt), tableOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(TsrFormat.TableChecksumAt), Crc32C.Compute(table));
        TsrFormat.WriteName(_kind, header.AsSpan(TsrFormat.KindAt, TsrFormat.NameBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(
            header.AsSpan(TsrFormat.HeaderChecksumAt), Crc32C.Compute(header.AsSpan(0, TsrFormat.HeaderChecksumAt)));
        _file.Stream.Position = 0;
        WriteBytes(header);
        _file.Commit();
        _finished = true;
    }

    /// <summary>Without <see cref="Commit"/> before it: deletes what was written and leaves the target as it was.</summary>
    public void Dispose()
    {
        _finished = true;
        _file.Dispose();
    }

    private static void WriteEntry(TsrSection section, Span<byte> entry)
    {
        BinaryPrimitives.WriteInt64LittleEndian(entry[TsrFormat.EntryOffsetAt..], section.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(entry[TsrFormat.EntryCountAt..], section.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[TsrFormat.EntryChecksumAt..], section.Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[TsrFormat.EntryTypeAt..], (uint)section.Type);
        TsrFormat.WriteName(section.Name, entry.Slice(TsrFormat.EntryNameAt, TsrFormat.NameBytes));
    }

    private void Begin(string section, TsrElementType type)
    {
        TsrFormat.CheckName(section, nameof(section));
        RequireIdle();
        if (!_names.Add(section))
            throw new ArgumentException($"Section '{section}' is in the file already; names are used once.", nameof(section));
        Pad();
        _open = new TsrSection(section, type, 0, _position, 0);
        _crc = Crc32C.Start;
    }

    private void AppendBytes(ReadOnlySpan<byte> bytes, int elements)
    {
        WriteBytes(bytes);
        _crc = Crc32C.Append(_crc, bytes);
        TsrSection open = _open!.Value;
        _open = open with { Count = open.Count + elements };
    }

    private void Pad()
    {
        Span<byte> zeros = stackalloc byte[TsrFormat.Alignment];
        zeros.Clear();
        WriteBytes(zeros[..(int)(TsrFormat.Align(_position) - _position)]);
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        // Set back only when the write has succeeded: after a full disk nothing may be committed.
        bool broken = _broken;
        _broken = true;
        _file.Stream.Write(bytes);
        _broken = broken;
        _position += bytes.Length;
    }

    private void RequireIdle()
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        if (_broken)
            throw new InvalidOperationException("An earlier write failed; this file cannot be finished.");
        if (_open is { } open)
            throw new InvalidOperationException($"Section '{open.Name}' is open; call End first.");
    }
}

using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Tessera.Storage;

/// <summary>The checked header of a <c>.tsr</c> file. Every number is held against the file's true length before it is used.</summary>
internal readonly record struct TsrHeader(string Kind, long FileLength, long TableOffset, int SectionCount, uint TableChecksum)
{
    public static TsrHeader Read(string path, SafeFileHandle file)
    {
        long length = RandomAccess.GetLength(file);
        Span<byte> header = stackalloc byte[TsrFormat.HeaderBytes];
        int read = InputFile.Read(file, header, 0);
        int magic = Math.Min(read, TsrFormat.Magic.Length);
        if (!header[..magic].SequenceEqual(TsrFormat.Magic[..magic]))
            throw new TesseraFormatException(path, "header", 0, "this is not a .tsr file.");
        if (read < TsrFormat.HeaderBytes)
            throw new TesseraFormatException(path, "header", read, $"the file is cut short; a header takes {TsrFormat.HeaderBytes} bytes.");

        // The version comes before the checksum: a newer header may be checked by other means.
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[TsrFormat.VersionAt..]);
        if (version > TsrFormat.Version)
            throw new TesseraFormatException(
                path, "header", TsrFormat.VersionAt, $"the file is of version {version} and this Tessera reads up to {TsrFormat.Version}; use a newer Tessera.");
        if (Crc32C.Compute(header[..TsrFormat.HeaderChecksumAt]) != BinaryPrimitives.ReadUInt32LittleEndian(header[TsrFormat.HeaderChecksumAt..]))
            throw new TesseraFormatException(path, "header", TsrFormat.HeaderChecksumAt, "the checksum does not match, so the header is damaged.");
        if (version == 0)
            throw new TesseraFormatException(path, "header", TsrFormat.VersionAt, "there is no version 0.");

        long stated = BinaryPrimitives.ReadInt64LittleEndian(header[TsrFormat.FileLengthAt..]);
        if (stated != length)
            throw new TesseraFormatException(
                path, "header", TsrFormat.FileLengthAt, $"the file has {length} bytes where its header says {stated}; it was cut short or added to.");
        long table = BinaryPrimitives.ReadInt64LittleEndian(header[TsrFormat.TableOffsetAt..]);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(header[TsrFormat.SectionCountAt..]);
        if (table < TsrFormat.HeaderBytes || table > length || table % TsrFormat.Alignment != 0)
            throw new TesseraFormatException(path, "header", TsrFormat.TableOffsetAt, $"the table cannot begin at {table} in a file of {length} bytes.");
        if (length - table != (long)count * TsrFormat.EntryBytes || length - table > int.MaxValue)
            throw new TesseraFormatException(
                path, "header", TsrFormat.SectionCountAt, $"{count} sections do not fit the {length - table} bytes of the table.");
        string kind = TsrFormat.ReadName(header.Slice(TsrFormat.KindAt, TsrFormat.NameBytes))
            ?? throw new TesseraFormatException(path, "header", TsrFormat.KindAt, "the kind is no name.");
        return new TsrHeader(kind, length, table, (int)count, BinaryPrimitives.ReadUInt32LittleEndian(header[TsrFormat.TableChecksumAt..]));
    }

    /// <summary>
    /// The table of contents. Sections follow each other in the table's order, each at the first multiple of 64 behind the
    /// one before, up to the table; that one rule excludes overlaps, gaps and everything outside the file.
    /// </summary>
    public TsrSection[] ReadTable(string path, FileMapping mapping, out Dictionary<string, TsrSection> byName)
    {
        ReadOnlySpan<byte> table = mapping.Span(TableOffset, SectionCount * TsrFormat.EntryBytes);
        if (Crc32C.Compute(table) != TableChecksum)
            throw new TesseraFormatException(path, "table", TableOffset, "the checksum does not match, so the table of contents is damaged.");
        var sections = new TsrSection[SectionCount];
        byName = new Dictionary<string, TsrSection>(SectionCount, StringComparer.Ordinal);
        long end = TsrFormat.HeaderBytes;
        for (int i = 0; i < sections.Length; i++)
        {
            long at = TableOffset + (long)i * TsrFormat.EntryBytes;
            ReadOnlySpan<byte> entry = table.Slice(i * TsrFormat.EntryBytes, TsrFormat.EntryBytes);
            string name = TsrFormat.ReadName(entry.Slice(TsrFormat.EntryNameAt, TsrFormat.NameBytes))
                ?? throw new TesseraFormatException(path, "table", at + TsrFormat.EntryNameAt, $"entry {i} has no valid name.");
            var section = new TsrSection(
                name,
                (TsrElementType)BinaryPrimitives.ReadUInt32LittleEndian(entry[TsrFormat.EntryTypeAt..]),
                BinaryPrimitives.ReadInt64LittleEndian(entry[TsrFormat.EntryCountAt..]),
                BinaryPrimitives.ReadInt64LittleEndian(entry[TsrFormat.EntryOffsetAt..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[TsrFormat.EntryChecksumAt..]));
            int size = TsrFormat.SizeOf(section.Type);
            if (size == 0)
                throw new TesseraFormatException(path, $"section '{name}'", at + TsrFormat.EntryTypeAt, $"there is no element type {(uint)section.Type}.");
            if (section.Offset != TsrFormat.Align(end) || section.Offset > TableOffset)
                throw new TesseraFormatException(
                    path, $"section '{name}'", at + TsrFormat.EntryOffsetAt, $"it cannot begin at {section.Offset}; the section before ends at {end}.");
            if (section.Count < 0 || section.Count > (TableOffset - section.Offset) / size)
                throw new TesseraFormatException(
                    path, $"section '{name}'", at + TsrFormat.EntryCountAt, $"{section.Count} elements of {size} bytes do not fit before the table at {TableOffset}.");
            if (!byName.TryAdd(name, section))
                throw new TesseraFormatException(path, $"section '{name}'", at + TsrFormat.EntryNameAt, "the name is in the table twice.");
            sections[i] = section;
            end = section.Offset + section.Bytes;
        }
        if (TableOffset != TsrFormat.Align(end))
            throw new TesseraFormatException(path, "table", TableOffset, $"the last section ends at {end}, and the table does not follow it.");
        return sections;
    }
}

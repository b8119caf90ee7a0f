using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tessera.Indexes;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>A saved index whose bytes are spoilt, again and again: each time it opens and answers as before or is refused, within memory of twice the file.</summary>
internal sealed class DamagedIndexFile : IDisposable
{
    /// <summary>Objects that are there whatever the file's size: reader, table of contents, index, exception and message.</summary>
    private const int Allowance = 24 << 10;

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;
    private readonly Matrix _queries;
    private readonly Neighbor[][] _answers;
    private readonly SearchOptions _options;
    private readonly TsrSection[] _sections;
    private readonly int _table;

    public DamagedIndexFile(VectorIndex index, Matrix queries)
    {
        _path = _folder["index.tsr"];
        index.Save(_path);
        Whole = File.ReadAllBytes(_path);
        _queries = queries;
        _options = new SearchOptions { Probes = index.Lists, Beam = index.Lists };
        _answers = index.OneByOne(queries, 10, _options);
        using (TsrReader reader = TsrReader.Open(_path))
            _sections = [.. reader.Sections];
        _table = Whole.Length - _sections.Length * TsrFormat.EntryBytes;
        // Once before anything is measured, so that what only the first opening and the first refusal cost is not counted.
        Assert.True(Opens(Whole));
        Assert.False(Opens(Whole.AsSpan(0, 200)));
    }

    public byte[] Whole { get; }

    public IReadOnlyList<TsrSection> Sections => _sections;

    /// <summary>Where the table of contents begins.</summary>
    public int Table => _table;

    public TsrSection this[string section] => _sections.Single(candidate => candidate.Name == section);

    public void Dispose() => _folder.Dispose();

    /// <summary>The numbers of a section.</summary>
    public T[] Numbers<T>(string section)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Whole.AsSpan((int)this[section].Offset, (int)this[section].Bytes)).ToArray();

    /// <summary>Whether the file opens with one number of a section changed and all checksums made good.</summary>
    public bool OpensWith<T>(string section, int at, T number)
        where T : unmanaged
    {
        byte[] damaged = [.. Whole];
        MemoryMarshal.Cast<byte, T>(damaged.AsSpan((int)this[section].Offset, (int)this[section].Bytes))[at] = number;
        return Opens(Seal(damaged));
    }

    /// <summary>Makes all checksums good.</summary>
    public byte[] Seal(byte[] file)
    {
        for (int i = 0; i < _sections.Length; i++)
        {
            Span<byte> entry = file.AsSpan(_table + i * TsrFormat.EntryBytes, TsrFormat.EntryBytes);
            uint checksum = Crc32C.Compute(file.AsSpan((int)_sections[i].Offset, (int)_sections[i].Bytes));
            BinaryPrimitives.WriteUInt32LittleEndian(entry[TsrFormat.EntryChecksumAt..], checksum);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(TsrFormat.TableChecksumAt), Crc32C.Compute(file.AsSpan(_table)));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(TsrFormat.HeaderChecksumAt), Crc32C.Compute(file.AsSpan(0, TsrFormat.HeaderChecksumAt)));
        return file;
    }

    /// <summary>True when a file opens and answers as the whole one does, false when it is refused; anything else fails the test.</summary>
    public bool Opens(ReadOnlySpan<byte> file)
    {
        File.WriteAllBytes(_path, file);
        long most = 2L * file.Length + Allowance, before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using VectorIndex index = VectorIndex.Open(_path);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= most, $"{allocated} bytes were allocated for a file of {file.Length}");
            Assert.Equal(_answers, index.OneByOne(_queries, 10, _options));
            return true;
        }
        catch (TesseraFormatException refusal)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= most, $"{allocated} bytes were allocated to refuse a file of {file.Length}: {refusal.Message}");
            Assert.Equal(_path, refusal.Path);
            Assert.NotEmpty(refusal.Section);
            return false;
        }
    }
}

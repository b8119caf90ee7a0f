using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Tessera.Storage;

namespace Tessera.Tests.Storage;

/// <summary>Damaged files open with all their content or are refused, and cost no more memory than twice their size.</summary>
public sealed class TsrDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;
    private readonly byte[] _whole;
    private readonly Dictionary<string, byte[]> _content;
    private readonly TsrSection[] _sections;
    private readonly int _table;

    public TsrDamageTests()
    {
        _path = _folder["damaged.tsr"];
        var random = new Random(7);
        var floats = new float[3001];
        for (int i = 0; i < floats.Length; i++)
            floats[i] = random.NextSingle();
        using (TsrWriter writer = TsrWriter.Create(_path, "test/damage"))
        {
            writer.WriteText("about", "damage me");
            writer.Write<float>("centroids", floats);
            writer.Write<long>("ids", [.. Enumerable.Range(0, 700).Select(i => (long)i * i)]);
            writer.Write<byte>("none", []);
            writer.Write<byte>("codes", [.. Enumerable.Range(0, 777).Select(i => (byte)i)]);
            writer.Commit();
        }
        _whole = File.ReadAllBytes(_path);
        using TsrReader reader = TsrReader.Open(_path);
        _sections = [.. reader.Sections];
        _content = _sections.ToDictionary(section => section.Name, section => Bytes(reader, section));
        _table = _whole.Length - _sections.Length * TsrFormat.EntryBytes;
        // Once before anything is measured, so that what only the first refusal costs is not counted.
        Try(_whole.AsSpan(0, 200));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_flipped_byte_of_header_and_table_is_refused()
    {
        var random = new Random(1);
        for (int at = 0; at < _whole.Length; at = at == TsrFormat.HeaderBytes - 1 ? _table : at + 1)
        {
            byte[] damaged = [.. _whole];
            damaged[at] ^= (byte)(1 << random.Next(8));
            Assert.False(Try(damaged), $"a flip at {at} went unnoticed");
        }
    }

    [Fact]
    public void Flipped_bits_anywhere_are_refused_or_lie_in_the_padding()
    {
        var random = new Random(2);
        for (int trial = 0; trial < 600; trial++)
        {
            int at = random.Next(_whole.Length);
            byte[] damaged = [.. _whole];
            damaged[at] ^= (byte)(1 << random.Next(8));
            bool padding = at >= TsrFormat.HeaderBytes && at < _table
                && !_sections.Any(section => at >= section.Offset && at < section.Offset + section.Bytes);
            Assert.Equal(padding, Try(damaged));
        }
    }

    [Fact]
    public void Files_cut_short_or_added_to_are_refused()
    {
        IEnumerable<long> boundaries = _sections.SelectMany(section => new[] { section.Offset, section.Offset + section.Bytes })
            .Concat(Enumerable.Range(0, TsrFormat.HeaderBytes + 1).Select(i => (long)i))
            .Concat(Enumerable.Range(0, _sections.Length * TsrFormat.EntryBytes).Select(i => (long)_table + i));
        foreach (long boundary in boundaries)
        {
            for (long length = Math.Max(0, boundary - 1); length <= Math.Min(boundary + 1, _whole.Length - 1); length++)
                Assert.False(Try(_whole.AsSpan(0, (int)length)), $"a file of {length} bytes went unnoticed");
        }
        Assert.False(Try([.. _whole, 0]));
        Assert.False(Try([.. _whole, .. new byte[TsrFormat.EntryBytes]]));
    }

    [Fact]
    public void Absurd_numbers_under_good_checksums_are_refused()
    {
        long[] absurd = [-1, long.MinValue, long.MaxValue, long.MaxValue / 4 + 1, 1L << 62, 1L << 32, int.MaxValue, _whole.Length, _whole.Length - 1, 0, 1, 63, 64, 128];
        for (int entry = 0; entry < _sections.Length; entry++)
        {
            int at = _table + entry * TsrFormat.EntryBytes;
            foreach (int field in new[] { TsrFormat.EntryOffsetAt, TsrFormat.EntryCountAt })
            {
                foreach (long value in absurd)
                    RefusedUnlessUnchanged(at + field, 8, value);
            }
            for (uint type = 0; type < 20; type++)
                RefusedOrSameSize(entry, type);
            RefusedUnlessUnchanged(at + TsrFormat.EntryTypeAt, 4, uint.MaxValue);
        }
        foreach (long value in absurd)
        {
            RefusedUnlessUnchanged(TsrFormat.FileLengthAt, 8, value);
            RefusedUnlessUnchanged(TsrFormat.TableOffsetAt, 8, value);
            RefusedUnlessUnchanged(TsrFormat.SectionCountAt, 4, value);
        }
        RefusedUnlessUnchanged(TsrFormat.VersionAt, 4, 0);
        RefusedUnlessUnchanged(TsrFormat.KindAt, 8, 0);
    }

    [Fact]
    public void Names_that_are_none_or_there_twice_are_refused_under_good_checksums()
    {
        byte[][] names = ["ids"u8.ToArray(), [], [0, (byte)'a'], [(byte)'a', 0, (byte)'b'], "a b"u8.ToArray(), [0xC3, 0xA4], [.. Enumerable.Repeat((byte)0xFF, 64)]];
        foreach (byte[] name in names)
        {
            byte[] damaged = [.. _whole];
            Span<byte> field = damaged.AsSpan(_table + TsrFormat.EntryNameAt, TsrFormat.NameBytes);
            field.Clear();
            name.CopyTo(field);
            Seal(damaged);
            Assert.False(Try(damaged), Convert.ToHexString(name));
        }
    }

    private void RefusedUnlessUnchanged(int at, int bytes, long value)
    {
        byte[] damaged = [.. _whole];
        if (bytes == 8)
            BinaryPrimitives.WriteInt64LittleEndian(damaged.AsSpan(at), value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(at), (uint)value);
        bool unchanged = damaged.AsSpan().SequenceEqual(_whole);
        Seal(damaged);
        Assert.True(Try(damaged) == unchanged, $"{value} at {at}");
    }

    /// <summary>A type of another size moves the end of the section, and with it everything behind, unless there is nothing in it; bytes are no text.</summary>
    private void RefusedOrSameSize(int entry, uint type)
    {
        byte[] damaged = [.. _whole];
        BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(_table + entry * TsrFormat.EntryBytes + TsrFormat.EntryTypeAt), type);
        Seal(damaged);
        TsrSection section = _sections[entry];
        int size = TsrFormat.SizeOf((TsrElementType)type);
        bool text = type == (uint)TsrElementType.Text;
        bool harmless = size != 0 && (section.Count == 0 || (size == TsrFormat.SizeOf(section.Type) && (!text || section.Type == TsrElementType.Text)));
        Assert.True(Try(damaged) == harmless, $"type {type} for {section.Name}");
    }

    private void Seal(byte[] file)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(TsrFormat.TableChecksumAt), Crc32C.Compute(file.AsSpan(_table)));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(TsrFormat.HeaderChecksumAt), Crc32C.Compute(file.AsSpan(0, TsrFormat.HeaderChecksumAt)));
    }

    /// <summary>True when the file opens with all its content, false when it is refused; anything else fails the test.</summary>
    private bool Try(ReadOnlySpan<byte> file)
    {
        File.WriteAllBytes(_path, file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using TsrReader reader = TsrReader.Open(_path);
            AssertBounded(before);
            foreach (TsrSection section in reader.Sections)
                Assert.Equal(_content[section.Name], Bytes(reader, section));
            Assert.Equal(_content.Count, reader.Sections.Count);
            return true;
        }
        catch (TesseraFormatException refusal)
        {
            AssertBounded(before);
            Assert.Equal(_path, refusal.Path);
            return false;
        }
    }

    private void AssertBounded(long before)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= 2 * _whole.Length, $"{allocated} bytes were allocated for a file of {_whole.Length}");
    }

    private static byte[] Bytes(TsrReader reader, TsrSection section) => section.Type switch
    {
        TsrElementType.U8 => reader.Read<byte>(section.Name).ToArray(),
        TsrElementType.I8 => Cast<sbyte>(reader, section),
        TsrElementType.U16 => Cast<ushort>(reader, section),
        TsrElementType.I16 => Cast<short>(reader, section),
        TsrElementType.U32 => Cast<uint>(reader, section),
        TsrElementType.I32 => Cast<int>(reader, section),
        TsrElementType.U64 => Cast<ulong>(reader, section),
        TsrElementType.I64 => Cast<long>(reader, section),
        TsrElementType.F32 => Cast<float>(reader, section),
        TsrElementType.F64 => Cast<double>(reader, section),
        _ => Encoding.UTF8.GetBytes(reader.ReadText(section.Name)),
    };

    private static byte[] Cast<T>(TsrReader reader, TsrSection section) where T : unmanaged =>
        MemoryMarshal.AsBytes(reader.Read<T>(section.Name).Span).ToArray();
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tessera.Attention.Configuration;
using Tessera.Storage;

namespace Tessera.Attention.Tests;

/// <summary>A saved cache whose bytes are spoilt, again and again: each time it is refused as damaged, or opens and can be used.</summary>
internal sealed class DamagedCacheFile : IDisposable
{
    private readonly string _path;
    private readonly HiraCache _cache;
    private readonly TsrSection[] _sections;
    private readonly int _table;

    public DamagedCacheFile(string folder, HiraCache cache)
    {
        _path = Path.Combine(folder, "damaged.tsr");
        _cache = cache;
        cache.Save(_path);
        Whole = File.ReadAllBytes(_path);
        using TsrReader reader = TsrReader.Open(_path);
        _sections = [.. reader.Sections];
        _table = Whole.Length - _sections.Length * TsrFormat.EntryBytes;
        Assert.True(Opens(Whole));
    }

    public byte[] Whole { get; }

    public IReadOnlyList<TsrSection> Sections => _sections;

    public bool IsPadding(int at) =>
        at >= TsrFormat.HeaderBytes && at < _table && !_sections.Any(section => at >= section.Offset && at < section.Offset + section.Bytes);

    public T[] Numbers<T>(TsrSection section)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Whole.AsSpan((int)section.Offset, (int)section.Bytes)).ToArray();

    /// <summary>Whether the file opens with one number of a section changed and all checksums made good.</summary>
    public bool OpensWith<T>(TsrSection section, int at, T number)
        where T : unmanaged
    {
        byte[] damaged = [.. Whole];
        MemoryMarshal.Cast<byte, T>(damaged.AsSpan((int)section.Offset, (int)section.Bytes))[at] = number;
        for (int i = 0; i < _sections.Length; i++)
        {
            uint checksum = Crc32C.Compute(damaged.AsSpan((int)_sections[i].Offset, (int)_sections[i].Bytes));
            BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(_table + i * TsrFormat.EntryBytes + TsrFormat.EntryChecksumAt), checksum);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(TsrFormat.TableChecksumAt), Crc32C.Compute(damaged.AsSpan(_table)));
        BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(TsrFormat.HeaderChecksumAt), Crc32C.Compute(damaged.AsSpan(0, TsrFormat.HeaderChecksumAt)));
        return Opens(damaged);
    }

    /// <summary>True when a file opens and can be used, false when it is refused; anything else fails the test.</summary>
    public bool Opens(ReadOnlySpan<byte> file)
    {
        File.WriteAllBytes(_path, file);
        HiraCache loaded;
        try
        {
            loaded = HiraCache.Load(_path);
        }
        catch (TesseraFormatException refusal)
        {
            Assert.Equal(_path, refusal.Path);
            Assert.NotEmpty(refusal.Section);
            return false;
        }

        using (loaded)
        {
            if (loaded.GetIndex(0) is { NumKeys: > 0 })
                Use(loaded);
        }

        return true;
    }

    public void Dispose() => _cache.Dispose();

    private static void Use(HiraCache cache)
    {
        int heads = cache.GetIndex(0)!.Heads, dimension = 8;
        float[] numbers = Made.Normals(heads * 40 * dimension, 3), output = new float[heads * dimension];
        var queries = new HeadTensor(numbers.AsSpan(0, output.Length), 1, heads, 1, dimension);
        var tokens = new HeadTensor(numbers, 1, heads, 40, dimension);
        cache.Attend(queries, 0, output, AttendOptions.Dense);
        cache.Attend(queries, 0, output, new AttendOptions { Mode = cache.Config is ProductQuantizationIndexConfig ? AttentionMode.Quantized : AttentionMode.Certified, KeyShare = 0.5 });
        if (cache.GetSeqLength() < 1 << 20)
            cache.Update(tokens, tokens, 0);
        cache.Crop(300);
        cache.Crop(100);
    }
}

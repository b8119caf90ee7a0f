using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Storage;

namespace Tessera.Attention.Tests;

public sealed class HiraCacheFileTests : IDisposable
{
    private const int Dimension = 8, Heads = 2, Tokens = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-kv-").FullName;

    [Theory]
    [InlineData(true, KeyFormat.F32)]
    [InlineData(false, KeyFormat.F32)]
    [InlineData(true, KeyFormat.F16)]
    [InlineData(false, KeyFormat.BF16)]
    public void A_loaded_cache_answers_with_the_same_bits_and_goes_on(bool isIncremental, KeyFormat format)
    {
        IndexConfig config = isIncremental ? new IncrementalIndexConfig { BranchingFactor = 8 } : new KMeansIndexConfig { BranchingFactor = 8 };
        using var cache = new HiraCache(config, new HiraCacheOptions { Format = format, SegmentSize = 256 });
        foreach (int layer in (int[])[0, 2])
            Update(cache, layer, Tokens, 1);
        string path = Path.Combine(_folder, "cache.tsr");
        cache.Save(path);

        using HiraCache loaded = HiraCache.Load(path);

        Assert.Equal(cache.GetCacheInfo().Layers, loaded.GetCacheInfo().Layers);
        Assert.Null(loaded.GetIndex(1));
        Assert.Equal(Attend(cache), Attend(loaded));
        foreach (HiraCache each in (HiraCache[])[cache, loaded])
            Update(each, 0, 300, 9);
        Assert.Equal(Attend(cache), Attend(loaded));
        cache.Save(path);
        byte[] first = File.ReadAllBytes(path);
        loaded.Save(path);
        Assert.Equal(first, File.ReadAllBytes(path));
    }

    [Fact]
    public void Damaged_and_foreign_files_are_refused()
    {
        using var cache = new HiraCache(new KMeansIndexConfig { BranchingFactor = 8 });
        Update(cache, 0, Tokens, 1);
        string path = Path.Combine(_folder, "cache.tsr");
        cache.Save(path);
        byte[] bytes = File.ReadAllBytes(path);
        for (int i = 0; i < 40; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[(int)((long)i * bytes.Length / 40)] ^= 0x41;
            File.WriteAllBytes(path, damaged);
            if (!damaged.AsSpan().SequenceEqual(bytes) && Record.Exception(() => HiraCache.Load(path).Dispose()) is { } exception)
                Assert.IsType<TesseraFormatException>(exception);
        }

        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.Throws<TesseraFormatException>(() => HiraCache.Load(path));
        using (TsrWriter writer = TsrWriter.Create(path, "tessera/other"))
            writer.Commit();
        Assert.Throws<TesseraFormatException>(() => HiraCache.Load(path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Update(HiraCache cache, int layer, int tokens, ulong seed)
    {
        float[] keys = Made.Clustered(Heads * tokens, Dimension, seed), values = Made.Normals(keys.Length, seed + 1);
        cache.Update(new HeadTensor(keys, 1, Heads, tokens, Dimension), new HeadTensor(values, 1, Heads, tokens, Dimension), layer);
    }

    private static float[] Attend(HiraCache cache)
    {
        var output = new float[Heads * Dimension];
        cache.Attend(new HeadTensor(Made.Normals(Heads * Dimension, 5), 1, Heads, 1, Dimension), 0, output, new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = 0.5 });
        return output;
    }
}

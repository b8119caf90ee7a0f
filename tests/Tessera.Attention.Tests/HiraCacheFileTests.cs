using System.Diagnostics;
using System.Runtime.InteropServices;
using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Storage;

namespace Tessera.Attention.Tests;

public sealed class HiraCacheFileTests : IDisposable
{
    private const string ChildFile = "TESSERA_TEST_KV_FILE";
    private const int Dimension = 8, Heads = 2, Tokens = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-kv-").FullName;

    private string FilePath => Path.Combine(_folder, "cache.tsr");

    public static TheoryData<IndexConfig, KeyFormat> Kinds() => new()
    {
        { new IncrementalIndexConfig { BranchingFactor = 8 }, KeyFormat.F32 },
        { new KMeansIndexConfig { BranchingFactor = 8 }, KeyFormat.F32 },
        { new KMeansIndexConfig { NumLevels = 1 }, KeyFormat.F32 },
        { new IncrementalIndexConfig { BranchingFactor = 8 }, KeyFormat.F16 },
        { new KMeansIndexConfig { BranchingFactor = 8 }, KeyFormat.BF16 },
        { new ProductQuantizationIndexConfig { BranchingFactor = 8, NumSubquantizers = 4, BitsPerSubquantizer = 4 }, KeyFormat.F32 },
        { new ProductQuantizationIndexConfig { BranchingFactor = 8, NumSubquantizers = 2, BitsPerSubquantizer = 5 }, KeyFormat.F32 },
        { new ProductQuantizationIndexConfig { BranchingFactor = 8, NumSubquantizers = 4, BitsPerSubquantizer = 8 }, KeyFormat.F16 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_loaded_cache_answers_with_the_same_bits_and_goes_on(IndexConfig config, KeyFormat format)
    {
        using var cache = new HiraCache(config, new HiraCacheOptions { Format = format, SegmentSize = 320, Seed = 5, MaxLayers = 2000 });
        foreach (int layer in (int[])[0, 2])
            Update(cache, layer, Tokens, 1);
        cache.Save(FilePath);

        using HiraCache loaded = HiraCache.Load(FilePath);

        Assert.Equal(cache.GetCacheInfo().Layers, loaded.GetCacheInfo().Layers);
        Assert.Equal(cache.Options with { Format = format }, loaded.Options);
        Assert.Null(loaded.GetIndex(1));
        Assert.Equal(Attend(cache), Attend(loaded));
        foreach (HiraCache each in (HiraCache[])[cache, loaded])
            Update(each, 0, 300, 9);
        Assert.Equal(Attend(cache), Attend(loaded));
        cache.Save(FilePath);
        byte[] first = File.ReadAllBytes(FilePath);
        loaded.Save(FilePath);
        Assert.Equal(first, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public async Task Another_process_answers_with_the_same_bits()
    {
        using var cache = new HiraCache(new ProductQuantizationIndexConfig { BranchingFactor = 8, NumSubquantizers = 4, BitsPerSubquantizer = 4 });
        Update(cache, 0, Tokens, 1);
        cache.Save(FilePath);
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(HiraCacheFileTests).Assembly.Location, "-explicit", "only", "-method", "*" + nameof(A_child_process_answers)])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[ChildFile] = FilePath;

        using Process child = Process.Start(start)!;
        string said = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(child.ExitCode == 0, said);
        Assert.Equal(Attend(cache), MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(FilePath + ".answer")).ToArray());
    }

    /// <summary>Only run by the test above, in a process of its own.</summary>
    [Fact(Explicit = true)]
    public void A_child_process_answers()
    {
        string path = Environment.GetEnvironmentVariable(ChildFile) ?? throw new InvalidOperationException($"{ChildFile} must name the file.");
        using HiraCache loaded = HiraCache.Load(path);
        File.WriteAllBytes(path + ".answer", MemoryMarshal.AsBytes<float>(Attend(loaded)));
    }

    /// <summary>Rows, means and codes are all that counts; what is between clusters that may grow is not written.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_is_hardly_larger_than_its_content(IndexConfig config, KeyFormat format)
    {
        const int Wide = 64, Many = 4000;
        using var cache = new HiraCache(config with { BranchingFactor = 32 }, new HiraCacheOptions { Format = format });
        float[] keys = Made.Clustered(Many, Wide, 1);
        cache.Update(new HeadTensor(keys, 1, 1, Many, Wide), new HeadTensor(keys, 1, 1, Many, Wide), 0);
        cache.Save(FilePath);

        // Of clusters there may be half as many again as 32 keys each call for; where they may grow, up to three times as many places.
        int bytes = format == KeyFormat.F32 ? 4 : 2, clusters = config is IncrementalIndexConfig ? 3 * Many / 32 : 3 * Many / 64;
        long content = (long)Many * (2 * Wide * bytes + 4) + clusters * (2L * Wide * 4 + 20);
        if (config is ProductQuantizationIndexConfig codes)
            content += (long)Many * codes.NumSubquantizers * codes.BitsPerSubquantizer / 8 + ((long)Wide << codes.BitsPerSubquantizer) * 4;
        Assert.InRange(new FileInfo(FilePath).Length, Many * 2 * Wide * bytes, content + 8192);
    }

    [Fact]
    public void Spoilt_bytes_and_foreign_files_are_refused()
    {
        using var file = new DamagedCacheFile(_folder, Small(new ProductQuantizationIndexConfig { BranchingFactor = 8, NumSubquantizers = 4, BitsPerSubquantizer = 4 }));
        for (int at = 0; at < file.Whole.Length; at += 41)
        {
            byte[] damaged = [.. file.Whole];
            damaged[at] ^= 0x41;
            // Zeros between sections are not looked at.
            Assert.Equal(file.IsPadding(at), file.Opens(damaged));
        }

        for (int length = 0; length < file.Whole.Length; length += 211)
            Assert.False(file.Opens(file.Whole.AsSpan(0, length)));
        using (TsrWriter writer = TsrWriter.Create(FilePath, "tessera/other"))
            writer.Commit();
        Assert.Throws<TesseraFormatException>(() => HiraCache.Load(FilePath));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Absurd_numbers_under_good_checksums_are_refused_or_do_no_harm(IndexConfig config, KeyFormat format)
    {
        int[] absurd = [int.MinValue, -1, 0, 1, 3, Tokens, 1 << 16, 1 << 29, int.MaxValue];
        using var file = new DamagedCacheFile(_folder, Small(config, format));
        foreach (TsrSection section in file.Sections.Where(section => section.Type == TsrElementType.I32))
        {
            int[] numbers = file.Numbers<int>(section);
            int step = section.Name.EndsWith("shape", StringComparison.Ordinal) ? 1 : 7;
            for (int at = 0; at < numbers.Length; at += step)
            {
                foreach (int value in absurd)
                {
                    bool opens = file.OpensWith(section, at, value);
                    if (section.Name.EndsWith("positions", StringComparison.Ordinal))
                        Assert.Equal(value == numbers[at], opens);
                }
            }
        }

        foreach (TsrSection section in file.Sections.Where(section => section.Type == TsrElementType.F32 && section.Count > 0))
            Assert.False(file.OpensWith(section, (int)(section.Count / 2), float.NaN));
        foreach (TsrSection section in file.Sections.Where(section => section.Name.EndsWith("rows", StringComparison.Ordinal)))
            Assert.False(format == KeyFormat.F32 ? file.OpensWith(section, 40, float.NaN) : file.OpensWith(section, 40, ushort.MaxValue));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static HiraCache Small(IndexConfig config, KeyFormat format = KeyFormat.F32)
    {
        var cache = new HiraCache(config, new HiraCacheOptions { Format = format, SegmentSize = 256, InsertBatch = 32 });
        float[] keys = Made.Clustered(Tokens, Dimension, 1);
        cache.Update(new HeadTensor(keys, 1, 1, Tokens, Dimension), new HeadTensor(keys, 1, 1, Tokens, Dimension), 0);
        return cache;
    }

    private static void Update(HiraCache cache, int layer, int tokens, ulong seed)
    {
        float[] keys = Made.Clustered(Heads * tokens, Dimension, seed), values = Made.Normals(keys.Length, seed + 1);
        cache.Update(new HeadTensor(keys, 1, Heads, tokens, Dimension), new HeadTensor(values, 1, Heads, tokens, Dimension), layer);
    }

    private static float[] Attend(HiraCache cache)
    {
        var output = new float[Heads * Dimension];
        AttentionMode mode = cache.Config is ProductQuantizationIndexConfig ? AttentionMode.Quantized : AttentionMode.Budgeted;
        cache.Attend(new HeadTensor(Made.Normals(Heads * Dimension, 5), 1, Heads, 1, Dimension), 0, output, new AttendOptions { Mode = mode, KeyShare = 0.5 });
        return output;
    }
}

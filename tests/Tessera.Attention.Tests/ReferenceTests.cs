using Tessera.Attention.Configuration;
using Tessera.Attention.Indexes;
using Tessera.Clustering;

namespace Tessera.Attention.Tests;

/// <summary>Every line of code of the reference document (the HIRA usage guide), in its order.</summary>
public sealed class ReferenceTests
{
    private const int NumLayers = 3, Batch = 2, Heads = 4, Seq = 300, Dim = 16;

    [Fact]
    public void Basic_usage()
    {
        var config = new KMeansIndexConfig
        {
            NumLevels = 3,
            BranchingFactor = 16,
            MaxIterations = 50,
            UpdateFrequency = UpdateFrequency.EveryN,
            UpdateInterval = 128,
        };

        using var cache = new HiraCache(config);

        for (int layer = 0; layer < NumLayers; layer++)
            Update(cache, layer);

        LayerIndex? indexLayer0 = cache.GetIndex(0);
        LayerIndex? indexLayer1 = cache.GetIndex(1);
        Assert.IsType<KMeansIndex>(indexLayer0);
        Assert.IsType<KMeansIndex>(indexLayer1);
        Assert.True(indexLayer0.NumClusteredKeys > 0);
    }

    [Fact]
    public void Using_the_incremental_index()
    {
        var config = new IncrementalIndexConfig
        {
            NumLevels = 2,
            BranchingFactor = 8,
            RebuildEveryN = 10,
            AssignmentMethod = AssignmentMethod.NearestCentroid,
        };

        using var cache = new HiraCache(config);

        Update(cache, 0);
        Update(cache, 1);
        Assert.IsType<IncrementalIndex>(cache.GetIndex(0));
        Assert.NotSame(cache.GetIndex(0), cache.GetIndex(1));
    }

    [Fact]
    public void Using_the_default_configuration()
    {
        var config = new KMeansIndexConfig();
        using var cache = new HiraCache(config);

        Assert.Equal((3, 32, "cpu"), (config.NumLevels, config.BranchingFactor, config.Device));
        Assert.Empty(config.Metadata);
        Assert.Equal((25, 1e-4, KMeansInit.PlusPlus), (config.MaxIterations, config.Tolerance, config.InitMethod));
        Assert.Equal((false, 1, false, false), (config.UseGpu, config.NRedo, config.Verbose, config.UseFloat16));
        Assert.Equal((UpdateFrequency.EveryN, 128, 0.1), (config.UpdateFrequency, config.UpdateInterval, config.UpdateThreshold));
        var incremental = new IncrementalIndexConfig();
        Assert.Equal((25, 10, AssignmentMethod.NearestCentroid, false), (incremental.MaxIterations, incremental.RebuildEveryN, incremental.AssignmentMethod, incremental.UseGpu));
        var quantization = new ProductQuantizationIndexConfig();
        Assert.Equal((8, 8, 25, false), (quantization.NumSubquantizers, quantization.BitsPerSubquantizer, quantization.MaxIterations, quantization.UseGpu));
    }

    [Fact]
    public void Accessing_per_layer_indexes()
    {
        using var cache = new HiraCache(new KMeansIndexConfig { BranchingFactor = 8 });
        Update(cache, 0);

        LayerIndex? index = cache.GetIndex(layer: 0);

        Assert.NotNull(index);
        Assert.Equal("Layer 0: 2400 keys, 3 levels", $"Layer 0: {index.NumKeys} keys, {index.NumLevels()} levels");
    }

    [Fact]
    public void Getting_cache_statistics()
    {
        using var cache = new HiraCache(new KMeansIndexConfig());
        Update(cache, 0);
        Update(cache, 2);

        CacheInfo info = cache.GetCacheInfo();
        Assert.Equal("Total layers: 3", $"Total layers: {info.NumLayers}");
        Assert.Equal("Built indexes: 2", $"Built indexes: {info.NumBuiltIndexes}");
        Assert.Equal("Total indexed keys: 4800", $"Total indexed keys: {info.TotalIndexedKeys}");

        var lines = new List<string>();
        foreach (LayerInfo layerInfo in info.Layers)
        {
            int layerIdx = layerInfo.LayerIdx;
            if (layerInfo.IndexInfo is not null)
            {
                int numKeys = layerInfo.IndexInfo.NumKeys;
                lines.Add($"Layer {layerIdx}: {numKeys} keys indexed");
            }
        }

        Assert.Equal(["Layer 0: 2400 keys indexed", "Layer 2: 2400 keys indexed"], lines);
        LayerInfo layer0Info = cache.GetCacheInfo(layer: 0);
        Assert.Equal(info.Layers[0], layer0Info);
    }

    [Fact]
    public void Custom_configuration()
    {
        var config = new KMeansIndexConfig
        {
            NumLevels = 4,
            BranchingFactor = 64,
            MaxIterations = 100,
            UseGpu = true,
            NRedo = 5,
            Verbose = true,
            UpdateFrequency = UpdateFrequency.Threshold,
            UpdateThreshold = 0.15,
        };

        // "Use GPU if available": none is here, and silence about it would be a lie.
        Assert.Contains("GPU", Assert.Throws<NotSupportedException>(() => new HiraCache(config)).Message, StringComparison.Ordinal);

        var reports = new List<IndexProgress>();
        using var cache = new HiraCache(config with { UseGpu = false }, progress: new Listener(reports.Add));
        Update(cache, 0);
        Assert.Equal(Batch * Heads, reports.Count);
    }

    [Fact]
    public void Configuration_serialization()
    {
        var config = new KMeansIndexConfig { BranchingFactor = 7, InitMethod = KMeansInit.Random, UpdateFrequency = UpdateFrequency.Always };

        Dictionary<string, object?> configDict = config.ToDictionary();
        KMeansIndexConfig restoredConfig = KMeansIndexConfig.FromDictionary(configDict);

        Assert.Equal(config with { Metadata = restoredConfig.Metadata }, restoredConfig);
    }

    [Fact]
    public void Per_layer_independence()
    {
        using var cache = new HiraCache(new KMeansIndexConfig());
        Update(cache, layer: 0);
        Update(cache, layer: 1, seq: 200);

        Assert.NotSame(cache.GetIndex(0), cache.GetIndex(1));
        Assert.Equal(Batch * Heads * Seq, cache.GetIndex(0)!.NumKeys);
        Assert.Equal(Batch * Heads * 200, cache.GetIndex(1)!.NumKeys);
    }

    /// <summary>"Can apply different policies per layer".</summary>
    [Fact]
    public void Different_policies_per_layer()
    {
        var own = new Dictionary<int, IndexConfig>
        {
            [1] = new IncrementalIndexConfig { BranchingFactor = 8 },
            [2] = new ProductQuantizationIndexConfig { BitsPerSubquantizer = 4, BranchingFactor = 8 },
            [9] = new KMeansIndexConfig { NumLevels = 1 },
        };
        using var cache = new HiraCache(new KMeansIndexConfig(), new HiraCacheOptions { LayerConfigs = own });
        for (int layer = 0; layer < NumLayers; layer++)
            Update(cache, layer);
        string path = Path.GetTempFileName();
        cache.Save(path);
        using HiraCache loaded = HiraCache.Load(path);
        File.Delete(path);

        Update(loaded, 9);
        Assert.Equal(["kmeans", "incremental", "product_quantization"], cache.GetCacheInfo().Layers.Select(layer => layer.IndexInfo!.IndexType));
        Assert.Equal(cache.GetCacheInfo().Layers, loaded.GetCacheInfo().Layers.Take(3));
        Assert.Equal(1, loaded.GetIndex(9)!.NumLevels());
        Assert.Throws<ArgumentException>(() => cache.Attend(new HeadTensor(Made.Normals(Batch * Heads * Dim, 9), Batch, Heads, 1, Dim), 1, new float[Batch * Heads * Dim], new AttendOptions { Mode = AttentionMode.Quantized }));
    }

    [Fact]
    public void Lazy_index_creation()
    {
        using var cache = new HiraCache(new KMeansIndexConfig());

        Assert.Null(cache.GetIndex(0));

        Update(cache, layer: 0);
        Assert.NotNull(cache.GetIndex(0));
        Assert.Null(cache.GetIndex(1));
    }

    [Fact]
    public void Using_product_quantization()
    {
        using var cache = new HiraCache(new ProductQuantizationIndexConfig { NumSubquantizers = 8, BitsPerSubquantizer = 4, BranchingFactor = 16 });
        Update(cache, 0);

        Assert.IsType<ProductQuantizationIndex>(cache.GetIndex(0));
        var output = new float[Batch * Heads * Dim];
        var reports = new HeadReport[Batch * Heads];
        cache.Attend(
            new HeadTensor(Made.Normals(Batch * Heads * Dim, 9), Batch, Heads, 1, Dim), 0, output,
            new AttendOptions { Mode = AttentionMode.Quantized, KeyShare = 0.5 }, reports);
        Assert.All(output, number => Assert.True(float.IsFinite(number)));
        Assert.All(reports, report => Assert.InRange(report.KeysScored, 1, Seq - 1));
    }

    private static void Update(HiraCache cache, int layer, int seq = Seq)
    {
        float[] keys = Made.Clustered(Batch * Heads * seq, Dim, (ulong)layer), values = Made.Normals(Batch * Heads * seq * Dim, (ulong)layer + 50);
        cache.Update(new HeadTensor(keys, Batch, Heads, seq, Dim), new HeadTensor(values, Batch, Heads, seq, Dim), layer);
    }

    private sealed class Listener(Action<IndexProgress> listen) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => listen(value);
    }
}

using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;

namespace Tessera.Attention.Tests;

/// <summary>Bad input is refused with a clear error, and the cache answers as before.</summary>
public sealed class RefusalTests : IDisposable
{
    private const int Dimension = 16, Tokens = 300;

    private readonly HiraCache _cache = new(new KMeansIndexConfig { BranchingFactor = 8 });
    private readonly float[] _queries = Made.Normals(2 * Dimension, 3);
    private readonly float[] _before;

    public RefusalTests()
    {
        Update(Made.Clustered(Tokens, Dimension, 1));
        _before = Attend();
    }

    [Fact]
    public void Shapes_that_do_not_fit()
    {
        float[] numbers = Made.Normals(2 * Dimension, 4);
        Refused("shape", () => _cache.Update(new HeadTensor(numbers, 1, 2, 1, Dimension), new HeadTensor(numbers, 1, 2, 1, Dimension), 0));
        Refused("shape", () => _cache.Update(new HeadTensor(numbers, 1, 1, 2, Dimension), new HeadTensor(numbers, 2, 1, 1, Dimension), 0));
        Refused("dimension", () => _cache.Update(new HeadTensor(numbers, 1, 1, 1, 2 * Dimension), new HeadTensor(numbers, 1, 1, 1, 2 * Dimension), 0));
        Refused("dimension", () => _cache.Attend(new HeadTensor(numbers, 1, 1, 1, 2 * Dimension), 0, new float[2 * Dimension]));
        Refused("output", () => _cache.Attend(new HeadTensor(numbers, 1, 2, 1, Dimension), 0, new float[Dimension]));
        Refused("reports", () => _cache.Attend(new HeadTensor(numbers, 1, 2, 1, Dimension), 0, new float[2 * Dimension], null, new HeadReport[1]));
        Refused("lengths", () => _cache.Update(new HeadTensor(numbers, 1, 1, 2, Dimension), new HeadTensor(numbers, 1, 1, 2, Dimension), 0, [1, 1]));
        Refused("Length", () => _cache.Update(new HeadTensor(numbers, 1, 1, 2, Dimension), new HeadTensor(numbers, 1, 1, 2, Dimension), 0, [3]));
        Refused("reaches", () => _ = new HeadTensor(numbers, 1, 1, 3, Dimension));
        Refused("reaches", () => _ = new HeadTensor(numbers, 1, 2, 1, Dimension, 0, Dimension + 1, 0));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e20f)]
    public void Numbers_that_attention_cannot_be_taken_of(float bad)
    {
        float[] numbers = Made.Normals(3 * Dimension, 4), good = [.. numbers];
        numbers[2 * Dimension + 5] = bad;
        Refused("Number 5", () => _cache.Update(new HeadTensor(numbers, 1, 1, 3, Dimension), new HeadTensor(good, 1, 1, 3, Dimension), 0));
        Refused("token 2", () => _cache.Update(new HeadTensor(good, 1, 1, 3, Dimension), new HeadTensor(numbers, 1, 1, 3, Dimension), 0));
        Refused("Number 5", () => _cache.Attend(new HeadTensor(numbers, 1, 3, 1, Dimension), 0, new float[3 * Dimension]));
        using var half = new HiraCache(new KMeansIndexConfig(), new HiraCacheOptions { Format = KeyFormat.F16 });
        good[0] = 70000;
        Refused("65504", () => half.Update(new HeadTensor(good, 1, 1, 3, Dimension), new HeadTensor(good, 1, 1, 3, Dimension), 0));
    }

    [Fact]
    public void Layers_out_of_range_and_layers_without_tokens()
    {
        float[] numbers = Made.Normals(Dimension, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => _cache.GetIndex(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _cache.Update(new HeadTensor(numbers, 1, 1, 1, Dimension), new HeadTensor(numbers, 1, 1, 1, Dimension), 1024));
        Assert.Contains("empty", Assert.Throws<InvalidOperationException>(() => _cache.Attend(new HeadTensor(numbers, 1, 1, 1, Dimension), 1, new float[Dimension])).Message, StringComparison.Ordinal);
        AssertUnharmed();
    }

    [Fact]
    public void An_update_from_a_place_that_a_crop_has_left_behind()
    {
        float[] numbers = Made.Normals(Dimension, 4);
        _cache.Crop(200);
        ArgumentException refusal = Assert.Throws<ArgumentException>(() =>
            _cache.Update(new HeadTensor(numbers, 1, 1, 1, Dimension), new HeadTensor(numbers, 1, 1, 1, Dimension), 0, position: 300));
        Assert.Contains("holds 200 tokens", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(200, _cache.GetSeqLength());
        _cache.Update(new HeadTensor(numbers, 1, 1, 1, Dimension), new HeadTensor(numbers, 1, 1, 1, Dimension), 0, position: 200);
        Assert.Equal(201, _cache.GetSeqLength());
    }

    [Fact]
    public void Settings_out_of_range()
    {
        Refused("NumLevels", () => _ = new HiraCache(new KMeansIndexConfig { NumLevels = 0 }));
        Refused("BranchingFactor", () => _ = new HiraCache(new IncrementalIndexConfig { BranchingFactor = 1 }));
        Refused("Device", () => _ = new HiraCache(new KMeansIndexConfig { Device = "tpu" }));
        Assert.Throws<NotSupportedException>(() => _ = new HiraCache(new KMeansIndexConfig { Device = "cuda:0" }));
        Refused("BitsPerSubquantizer", () => _ = new HiraCache(new ProductQuantizationIndexConfig { BitsPerSubquantizer = 9 }));
        Refused("Window", () => _ = new HiraCache(new KMeansIndexConfig(), new HiraCacheOptions { Window = -1 }));
        Refused("KeyShare", () => _cache.Attend(new HeadTensor(_queries, 1, 2, 1, Dimension), 0, new float[2 * Dimension], new AttendOptions { KeyShare = 2 }));
        Refused("product", () => _cache.Attend(new HeadTensor(_queries, 1, 2, 1, Dimension), 0, new float[2 * Dimension], new AttendOptions { Mode = AttentionMode.Quantized }));
        var half = new HiraCacheOptions { LayerConfigs = new Dictionary<int, IndexConfig> { [3] = new KMeansIndexConfig { UseFloat16 = true } } };
        Refused("Layer 3 asks for F16", () => _ = new HiraCache(new KMeansIndexConfig(), half));
        Refused("LayerConfigs", () => _ = new HiraCache(new KMeansIndexConfig(), half with { MaxLayers = 3 }));
        using var cache = new HiraCache(new ProductQuantizationIndexConfig { NumSubquantizers = 5 });
        Refused("5 subquantizers", () => cache.Update(new HeadTensor(_queries, 1, 1, 2, Dimension), new HeadTensor(_queries, 1, 1, 2, Dimension), 0));
    }

    [Fact]
    public void Dictionaries_and_json_that_are_no_settings()
    {
        Refused("num_levels", () => KMeansIndexConfig.FromDictionary(new Dictionary<string, object?> { ["num_levels"] = "three" }));
        Refused("branching", () => KMeansIndexConfig.FromDictionary(new Dictionary<string, object?> { ["branching"] = 3 }));
        Refused("every_n", () => KMeansIndexConfig.FromDictionary(new Dictionary<string, object?> { ["update_frequency"] = "sometimes" }));
        Refused("UpdateInterval", () => KMeansIndexConfig.FromDictionary(new Dictionary<string, object?> { ["update_interval"] = 0 }));
        Refused("index_type", () => KMeansIndexConfig.FromDictionary(new IncrementalIndexConfig().ToDictionary()));
        Refused("index_type", () => IndexConfig.FromJson("{}"));
        Refused("JSON", () => IndexConfig.FromJson("{"));
        Refused("num_levels", () => IndexConfig.FromJson("""{"index_type":"kmeans","num_levels":[1]}"""));
        Refused("deep", () => new KMeansIndexConfig { Metadata = new Dictionary<string, object?> { ["a"] = Nested(8) } }.ToJson());
        static object Nested(int levels) => levels == 0 ? "end" : new List<object?> { Nested(levels - 1) };
    }

    [Fact]
    public void Every_kind_of_settings_survives_json()
    {
        IndexConfig[] configs =
        [
            new KMeansIndexConfig { Tolerance = 0.5, UseFloat16 = true, Metadata = new Dictionary<string, object?> { ["model"] = "m", ["layers"] = 3, ["ratio"] = 0.5, ["tied"] = true, ["none"] = null, ["heads"] = new List<object?> { 1, "two", new List<object?> { 3.5 } } } },
            new IncrementalIndexConfig { RebuildEveryN = 3, MaxIterations = 7 },
            new ProductQuantizationIndexConfig { NumSubquantizers = 4, BitsPerSubquantizer = 4 },
        ];
        foreach (IndexConfig config in configs)
        {
            IndexConfig restored = IndexConfig.FromJson(config.ToJson());
            Assert.Equal(config with { Metadata = restored.Metadata }, restored);
            Assert.Equal(config.Metadata, restored.Metadata);
        }
    }

    public void Dispose() => _cache.Dispose();

    private void Refused(string says, Action action)
    {
        Assert.Contains(says, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
        AssertUnharmed();
    }

    private void AssertUnharmed()
    {
        Assert.Equal(Tokens, _cache.GetSeqLength());
        Assert.Equal(_before, Attend());
    }

    private void Update(float[] numbers)
    {
        int tokens = numbers.Length / Dimension;
        _cache.Update(new HeadTensor(numbers, 1, 1, tokens, Dimension), new HeadTensor(numbers, 1, 1, tokens, Dimension), 0);
    }

    private float[] Attend()
    {
        var output = new float[_queries.Length];
        _cache.Attend(new HeadTensor(_queries, 1, 2, 1, Dimension), 0, output, new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = 0.4 });
        return output;
    }
}

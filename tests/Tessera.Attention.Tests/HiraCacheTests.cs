using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;

namespace Tessera.Attention.Tests;

public sealed class HiraCacheTests
{
    private const int Dimension = 16, Heads = 2, QueryHeads = 4;

    private static readonly AttendOptions Budgeted = new() { Mode = AttentionMode.Budgeted, KeyShare = 0.5 };

    public static TheoryData<IndexConfig> Kinds() =>
    [
        new KMeansIndexConfig { BranchingFactor = 8, UpdateInterval = 32 },
        new KMeansIndexConfig { BranchingFactor = 8, UpdateFrequency = UpdateFrequency.Always },
        new KMeansIndexConfig { BranchingFactor = 8, UpdateFrequency = UpdateFrequency.Threshold, UpdateThreshold = 0.2 },
        new IncrementalIndexConfig { BranchingFactor = 8 },
        new IncrementalIndexConfig { BranchingFactor = 4, NumLevels = 4, RebuildEveryN = 1000 },
        new ProductQuantizationIndexConfig { BranchingFactor = 8, BitsPerSubquantizer = 4, NumSubquantizers = 4 },
        new ProductQuantizationIndexConfig { BranchingFactor = 8, BitsPerSubquantizer = 5, NumSubquantizers = 2 },
        new KMeansIndexConfig { NumLevels = 1 },
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Dense_attention_over_any_index_sees_every_key_once(IndexConfig config)
    {
        const int Tokens = 700;
        Text text = new(1, Tokens, 3);
        using HiraCache cache = Small(config);
        // Token by token, as decoding does it, with a prompt before.
        text.AddTo(cache, 0, 300);
        for (int token = 300; token < Tokens; token++)
            text.AddTo(cache, token, 1);

        AssertAttends(cache, text, 0, Tokens, AttendOptions.Dense, 1e-5);
        if (config.NumLevels > 1)
        {
            Assert.True(cache.GetIndex(0)!.NumClusteredKeys > 1000);
            AssertAttends(cache, text, 0, Tokens, new AttendOptions { Mode = AttentionMode.Budgeted, Mass = 1 }, 1e-4);
            AssertAttends(cache, text, 0, Tokens, Budgeted, 0.2);
            if (config is ProductQuantizationIndexConfig)
                AssertAttends(cache, text, 0, Tokens, new AttendOptions { Mode = AttentionMode.Quantized, KeyShare = 0.5 }, 0.2);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_crop_forgets_the_end_and_updates_go_on_from_there(IndexConfig config)
    {
        const int Tokens = 600;
        Text text = new(1, Tokens, 4);
        using HiraCache cache = Small(config);
        text.AddTo(cache, 0, Tokens);
        foreach (int length in (int[])[599, 570, 333, 100, 3, 1])
        {
            cache.Crop(length);
            Assert.Equal(length, cache.GetSeqLength());
            AssertAttends(cache, text, 0, length, AttendOptions.Dense, 1e-5);
        }

        text.AddTo(cache, 1, Tokens - 1);
        AssertAttends(cache, text, 0, Tokens, AttendOptions.Dense, 1e-5);
        AssertAttends(cache, text, 0, Tokens, Budgeted, 0.2);

        cache.Crop(0);
        Assert.Equal(0, cache.GetSeqLength());
        Assert.Equal(0, cache.GetIndex(0)!.NumKeys);
        Assert.Throws<InvalidOperationException>(() => text.Attend(cache, AttendOptions.Dense));
        cache.Reset();
        Assert.Equal((0, 0), (cache.GetSeqLength(), cache.GetCacheInfo().NumLayers));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Evicted_tokens_no_longer_count_and_sinks_stay(IndexConfig config)
    {
        const int Tokens = 600;
        Text text = new(1, Tokens, 5);
        using HiraCache cache = Small(config);
        text.AddTo(cache, 0, Tokens);
        foreach (int before in (int[])[10, 211, 470, 590])
        {
            cache.Evict(before);
            Assert.Equal(Tokens, cache.GetSeqLength());
            Assert.Equal(Heads * (Tokens - before + 4), cache.GetIndex(0)!.NumKeys);
            AssertAttends(cache, text, before, Tokens, AttendOptions.Dense, 1e-5, sinks: 4);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Beams_take_over_each_others_tokens_and_then_go_their_own_ways(IndexConfig config)
    {
        Text text = new(2, 500, 6), more = new(3, 300, 7);
        using HiraCache cache = Small(config), expected = Small(config);
        text.AddTo(cache, 0, 500);
        cache.Reorder([1, 0, 1]);
        more.AddTo(cache, 0, 300);

        // The same three texts, written out.
        new Text(text, [1, 0, 1]).AddTo(expected, 0, 500);
        more.AddTo(expected, 0, 300);
        float[] dense = more.Attend(cache, AttendOptions.Dense), budgeted = more.Attend(cache, Budgeted);
        AssertNear(more.Attend(expected, AttendOptions.Dense), dense, 1e-5f);
        AssertNear(dense, budgeted, 0.3f);
        Assert.Throws<ArgumentException>(() => cache.Reorder([3]));
        Assert.Throws<ArgumentException>(() => cache.Reorder([]));
    }

    [Fact]
    public void Four_texts_of_different_lengths_give_the_bits_that_each_gives_alone()
    {
        int[] lengths = [400, 37, 250, 5];
        Text text = new(4, 400, 8);
        using HiraCache together = Small(new KMeansIndexConfig { BranchingFactor = 8 });
        together.Update(text.Keys(0, 400), text.Values(0, 400), 0, lengths);
        float[] all = text.Attend(together, Budgeted);

        for (int batch = 0; batch < 4; batch++)
        {
            Text one = new(text, [batch]);
            using HiraCache alone = Small(new KMeansIndexConfig { BranchingFactor = 8 });
            one.AddTo(alone, 0, lengths[batch]);
            Assert.Equal(lengths[batch], together.GetSeqLength(0, batch));
            Assert.Equal(one.Attend(alone, AttendOptions.Dense), text.Attend(together, AttendOptions.Dense).AsSpan(batch * QueryHeads * Dimension, QueryHeads * Dimension));
            Assert.Equal(one.Attend(alone, Budgeted), all.AsSpan(batch * QueryHeads * Dimension, QueryHeads * Dimension));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Results_do_not_depend_on_the_number_of_threads(IndexConfig config)
    {
        Text text = new(3, 500, 9);
        using HiraCache one = Small(config), many = new(config, new HiraCacheOptions { SegmentSize = 256, InsertBatch = 32, Threads = 5 });
        foreach (HiraCache cache in (HiraCache[])[one, many])
        {
            text.AddTo(cache, 0, 400);
            for (int token = 400; token < 500; token++)
                text.AddTo(cache, token, 1);
        }

        Assert.Equal(text.Attend(one, Budgeted), text.Attend(many, Budgeted));
        Assert.Equal(text.Attend(one, AttendOptions.Dense), text.Attend(many, AttendOptions.Dense));
    }

    [Theory]
    [InlineData(KeyFormat.F16, 2e-3)]
    [InlineData(KeyFormat.BF16, 2e-2)]
    public void Halved_numbers_cost_little_accuracy_and_half_the_memory(KeyFormat format, double error)
    {
        Text text = new(1, 600, 10);
        using var cache = new HiraCache(new KMeansIndexConfig { BranchingFactor = 8 }, new HiraCacheOptions { Format = format, SegmentSize = 256 });
        text.AddTo(cache, 0, 600);

        AssertAttends(cache, text, 0, 600, AttendOptions.Dense, error);
        AssertAttends(cache, text, 0, 600, Budgeted, 0.2);
        using var asked = new HiraCache(new KMeansIndexConfig { UseFloat16 = true });
        Assert.Equal(KeyFormat.F16, asked.Format);
    }

    [Fact]
    public void Arrays_of_another_order_are_read_by_their_strides()
    {
        Text text = new(2, 80, 11);
        // [batch, sequence, heads, dimension], as projections give them.
        float[] keys = Transposed(text.Keys(0, 80)), values = Transposed(text.Values(0, 80));
        using HiraCache cache = Small(new KMeansIndexConfig()), dense = Small(new KMeansIndexConfig());
        text.AddTo(dense, 0, 80);

        cache.Update(
            new HeadTensor(keys, 2, Heads, 80, Dimension, 80 * Heads * Dimension, Dimension, Heads * Dimension),
            new HeadTensor(values, 2, Heads, 80, Dimension, 80 * Heads * Dimension, Dimension, Heads * Dimension), 0);

        Assert.Equal(text.Attend(dense, AttendOptions.Dense), text.Attend(cache, AttendOptions.Dense));
    }

    [Fact]
    public void Auto_is_dense_for_short_texts_and_within_the_budget_for_long_ones()
    {
        var reports = new HeadReport[QueryHeads];
        foreach ((int tokens, AttentionMode mode) in ((int, AttentionMode)[])[(500, AttentionMode.Dense), (5000, AttentionMode.Budgeted)])
        {
            Text text = new(1, tokens, 12);
            using var cache = new HiraCache(new KMeansIndexConfig { MaxIterations = 3 });
            text.AddTo(cache, 0, tokens);
            text.Attend(cache, new AttendOptions { KeyShare = 0.1 }, reports);
            Assert.All(reports, report => Assert.Equal(mode, report.Mode));
            text.Attend(cache, new AttendOptions { KeyShare = 0.9 }, reports);
            Assert.All(reports, report => Assert.Equal(AttentionMode.Dense, report.Mode));
        }
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.6)]
    public void No_more_keys_are_scored_than_the_budget_allows(double share)
    {
        Text text = new(1, 3000, 13);
        using HiraCache cache = new(new KMeansIndexConfig { BranchingFactor = 16 }, new HiraCacheOptions { SegmentSize = 1024 });
        text.AddTo(cache, 0, 3000);
        var reports = new HeadReport[QueryHeads];

        text.Attend(cache, new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = share, Mass = 1 }, reports);

        // Means are scored before anything is known of them; beyond them and the exact zones, the budget holds.
        Assert.All(reports, report => Assert.InRange(report.CandidateShare, 0, Math.Max(share, 0.16)));
        Assert.All(reports, report => Assert.True(share < 0.1 || report.CandidateShare > 0.8 * share));
    }

    private static HiraCache Small(IndexConfig config) => new(config, new HiraCacheOptions { SegmentSize = 256, InsertBatch = 32 });

    private static void AssertAttends(HiraCache cache, Text text, int from, int to, AttendOptions options, double error, int sinks = 0)
    {
        float[] outputs = text.Attend(cache, options);
        for (int head = 0; head < QueryHeads; head++)
        {
            double[] truth = text.Truth(0, head, from, to, sinks);
            Assert.InRange(Made.Distance(outputs.AsSpan(head * Dimension, Dimension), truth) / Made.Length(truth), 0, error);
        }
    }

    private static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    private static float[] Transposed(HeadTensor tensor)
    {
        var numbers = new float[tensor.Data.Length];
        for (int batch = 0; batch < tensor.Batch; batch++)
        {
            for (int head = 0; head < tensor.Heads; head++)
            {
                for (int token = 0; token < tensor.Sequence; token++)
                    tensor[batch, head, token].CopyTo(numbers.AsSpan(((batch * tensor.Sequence + token) * tensor.Heads + head) * tensor.Dimension));
            }
        }

        return numbers;
    }

    /// <summary>Keys and values of some texts, and a query for each of their heads.</summary>
    private sealed class Text
    {
        private readonly float[] _keys;
        private readonly float[] _values;
        private readonly float[] _queries;
        private readonly int _batch;
        private readonly int _tokens;

        public Text(int batch, int tokens, ulong seed)
        {
            (_batch, _tokens) = (batch, tokens);
            _keys = Made.Clustered(batch * Heads * tokens, Dimension, seed);
            _values = Made.Clustered(batch * Heads * tokens, Dimension, seed + 100, noise: 0.5f);
            _queries = Made.Normals(batch * QueryHeads * Dimension, seed + 200);
        }

        public Text(Text other, int[] batches)
        {
            (_batch, _tokens) = (batches.Length, other._tokens);
            _keys = [.. batches.SelectMany(batch => Part(other._keys, other._batch, batch))];
            _values = [.. batches.SelectMany(batch => Part(other._values, other._batch, batch))];
            _queries = [.. batches.SelectMany(batch => Part(other._queries, other._batch, batch))];
        }

        public HeadTensor Keys(int first, int count) => View(_keys, first, count);

        public HeadTensor Values(int first, int count) => View(_values, first, count);

        public void AddTo(HiraCache cache, int first, int count) => cache.Update(Keys(first, count), Values(first, count), 0);

        public float[] Attend(HiraCache cache, AttendOptions options, HeadReport[]? reports = null)
        {
            var output = new float[_queries.Length];
            cache.Attend(new HeadTensor(_queries, _batch, QueryHeads, 1, Dimension), 0, output, options, reports);
            return output;
        }

        public double[] Truth(int batch, int queryHead, int from, int to, int sinks)
        {
            int head = queryHead / (QueryHeads / Heads);
            return Made.Attention(
                _queries.AsSpan((batch * QueryHeads + queryHead) * Dimension, Dimension), Rows(_keys, batch, head, from, to, sinks), Rows(_values, batch, head, from, to, sinks));
        }

        private float[] Rows(float[] numbers, int batch, int head, int from, int to, int sinks)
        {
            int start = (batch * Heads + head) * _tokens;
            return [.. numbers[(start * Dimension)..((start + sinks) * Dimension)], .. numbers[((start + from) * Dimension)..((start + to) * Dimension)]];
        }

        private static float[] Part(float[] numbers, int parts, int part)
        {
            int each = numbers.Length / parts;
            return numbers[(part * each)..((part + 1) * each)];
        }

        private HeadTensor View(float[] numbers, int first, int count) =>
            new(numbers.AsSpan(first * Dimension), _batch, Heads, count, Dimension, (long)Heads * _tokens * Dimension, (long)_tokens * Dimension, Dimension);
    }
}

using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;

namespace Tessera.Attention.Tests;

public sealed class CausalTests
{
    private const int Dimension = 16, Heads = 2, QueryHeads = 4, Before = 450, Prompt = 150, Tokens = Before + Prompt;

    private readonly float[] _keys = Made.Clustered(Heads * Tokens, Dimension, 1);
    private readonly float[] _values = Made.Clustered(Heads * Tokens, Dimension, 2, noise: 0.5f);
    private readonly float[] _queries = Made.Normals(QueryHeads * Tokens * Dimension, 3, 1.5f);

    public static TheoryData<IndexConfig, AttendOptions> Ways()
    {
        var ways = new TheoryData<IndexConfig, AttendOptions>();
        AttendOptions[] all =
        [
            AttendOptions.Dense,
            new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = 0.6 },
            new AttendOptions { Mode = AttentionMode.Budgeted, Mass = 0.8, Certificate = true },
            new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = 0.6, TailEstimate = false },
            new AttendOptions { Mode = AttentionMode.Certified, Tolerance = 0.05 },
        ];
        foreach (AttendOptions options in all)
        {
            ways.Add(new KMeansIndexConfig { BranchingFactor = 8 }, options);
            ways.Add(new IncrementalIndexConfig { BranchingFactor = 8 }, options);
        }

        ways.Add(new KMeansIndexConfig { NumLevels = 1 }, AttendOptions.Dense);
        ways.Add(new ProductQuantizationIndexConfig { BranchingFactor = 8, NumSubquantizers = 4, BitsPerSubquantizer = 4 }, new AttendOptions { Mode = AttentionMode.Quantized, KeyShare = 0.6 });
        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Each_query_gets_what_a_cache_that_ends_at_its_token_gives(IndexConfig config, AttendOptions options)
    {
        using HiraCache cache = Small(config);
        Update(cache, 0, Tokens);
        (float[] outputs, HeadReport[] reports) = Attend(cache, Before, Prompt, options with { Causal = true });

        for (int token = Prompt - 1; token >= 0; token--)
        {
            cache.Crop(Before + token + 1);
            (float[] expected, HeadReport[] expectedReports) = Attend(cache, Before + token, 1, options);
            for (int head = 0; head < QueryHeads; head++)
            {
                double[] wanted = [.. expected.AsSpan(head * Dimension, Dimension).ToArray().Select(number => (double)number)];
                Assert.InRange(Made.Distance(outputs.AsSpan((head * Prompt + token) * Dimension, Dimension), wanted), 0, 1e-6 * Made.Length(wanted));
                HeadReport report = reports[head * Prompt + token], other = expectedReports[head];
                Assert.Equal((other.Mode, other.Keys, other.KeysScored, other.ClustersScored), (report.Mode, report.Keys, report.KeysScored, report.ClustersScored));
                Assert.Equal(other.ErrorBound, report.ErrorBound, 1e-4);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_prompt_taken_in_at_once_is_dense_attention_token_by_token_and_its_certificates_hold(IndexConfig config, AttendOptions options)
    {
        using HiraCache cache = Small(config), slow = Small(config);
        Update(cache, 0, Prompt);
        (float[] outputs, HeadReport[] reports) = Attend(cache, 0, Prompt, options with { Causal = true, Certificate = true });

        for (int token = 0; token < Prompt; token++)
        {
            Update(slow, token, 1);
            (float[] expected, _) = Attend(slow, token, 1, AttendOptions.Dense);
            for (int head = 0; head < QueryHeads; head++)
            {
                Span<float> output = outputs.AsSpan((head * Prompt + token) * Dimension, Dimension);
                double[] truth = [.. expected.AsSpan(head * Dimension, Dimension).ToArray().Select(number => (double)number)];
                double error = Made.Distance(output, truth), bound = reports[head * Prompt + token].ErrorBound;
                Assert.True(options.Mode == AttentionMode.Quantized || error <= (options.Mode == AttentionMode.Dense ? 1e-6 * Made.Length(truth) : bound), $"token {token}: error {error}, bound {bound}");
            }
        }
    }

    /// <summary>As when a draft of a few tokens is checked: nothing of it has left the window yet.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void A_few_tokens_give_the_bits_that_they_give_one_by_one(IndexConfig config, AttendOptions options)
    {
        const int Few = 8, Before = 400;
        using HiraCache cache = Small(config), slow = Small(config);
        Update(cache, 0, Before);
        Update(slow, 0, Before);
        Update(cache, Before, Few);
        (float[] outputs, _) = Attend(cache, Before, Few, options with { Causal = true });

        for (int token = 0; token < Few; token++)
        {
            Update(slow, Before + token, 1);
            (float[] expected, _) = Attend(slow, Before + token, 1, options);
            Assert.Equal(cache.GetIndex(0)!.NumClusteredKeys, slow.GetIndex(0)!.NumClusteredKeys);
            for (int head = 0; head < QueryHeads; head++)
                Assert.Equal(expected.AsSpan(head * Dimension, Dimension), outputs.AsSpan((head * Few + token) * Dimension, Dimension));
        }
    }

    [Theory]
    [InlineData(KeyFormat.F16)]
    [InlineData(KeyFormat.BF16)]
    public void Texts_of_different_lengths_give_what_each_gives_alone(KeyFormat format)
    {
        int[] lengths = [Prompt, 37, 0];
        var options = new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = 0.6, Causal = true };
        var settings = new HiraCacheOptions { Format = format, SegmentSize = 256 };
        using var together = new HiraCache(new KMeansIndexConfig { BranchingFactor = 8 }, settings);
        // The texts are the same tokens, of which each has some.
        float[] keys = [.. _keys, .. _keys, .. _keys], queries = [.. _queries, .. _queries, .. _queries];
        HeadTensor tensor = View(keys, 3, Heads, 0, Prompt);
        together.Update(tensor, tensor, 0, lengths);
        var outputs = new float[3 * QueryHeads * Prompt * Dimension];
        var reports = new HeadReport[3 * QueryHeads * Prompt];
        Array.Fill(outputs, float.NaN);
        together.Attend(View(queries, 3, QueryHeads, 0, Prompt), 0, outputs, options, reports, lengths);

        for (int batch = 0; batch < 3; batch++)
        {
            using var alone = new HiraCache(together.Config, settings);
            var expected = new float[QueryHeads * lengths[batch] * Dimension];
            if (lengths[batch] > 0)
            {
                alone.Update(View(_keys, 1, Heads, 0, lengths[batch]), View(_keys, 1, Heads, 0, lengths[batch]), 0);
                alone.Attend(View(_queries, 1, QueryHeads, 0, lengths[batch]), 0, expected, options);
            }

            int each = lengths[batch] * Dimension;
            for (int head = 0; head < QueryHeads; head++)
            {
                Span<float> output = outputs.AsSpan((batch * QueryHeads + head) * Prompt * Dimension, Prompt * Dimension);
                Assert.Equal(expected.AsSpan(head * each, each), output[..each]);
                Assert.False(output[each..].ContainsAnyExcept(0f));
            }
        }
    }

    [Fact]
    public void Queries_without_tokens_to_see_are_refused()
    {
        using var cache = new HiraCache(new KMeansIndexConfig { BranchingFactor = 8 }, new HiraCacheOptions { Sinks = 0, SegmentSize = 256 });
        var causal = new AttendOptions { Mode = AttentionMode.Dense, Causal = true };
        Update(cache, 0, 100);
        Assert.Contains("101 causal queries", Assert.Throws<ArgumentException>(() => Attend(cache, 0, 101, causal)).Message, StringComparison.Ordinal);
        cache.Evict(90);
        Attend(cache, 0, 10, causal);
        Assert.Contains("evicted", Assert.Throws<InvalidOperationException>(() => Attend(cache, 0, 11, causal)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            cache.Attend(View(_queries, 1, QueryHeads, 0, 2), 0, new float[QueryHeads * 2 * Dimension], causal, default, [3]));
    }

    private static HiraCache Small(IndexConfig config) => new(config, new HiraCacheOptions { SegmentSize = 256, InsertBatch = 32 });

    private void Update(HiraCache cache, int first, int count) => cache.Update(View(_keys, 1, Heads, first, count), View(_values, 1, Heads, first, count), 0);

    private (float[] Outputs, HeadReport[] Reports) Attend(HiraCache cache, int first, int count, AttendOptions options)
    {
        var outputs = new float[QueryHeads * count * Dimension];
        var reports = new HeadReport[QueryHeads * count];
        cache.Attend(View(_queries, 1, QueryHeads, first, count), 0, outputs, options, reports);
        return (outputs, reports);
    }

    private static HeadTensor View(float[] numbers, int batch, int heads, int first, int count) =>
        new(numbers.AsSpan(first * Dimension), batch, heads, count, Dimension, (long)heads * Tokens * Dimension, (long)Tokens * Dimension, Dimension);
}

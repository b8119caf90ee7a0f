using Tessera.Attention.Configuration;

namespace Tessera.Attention.Tests;

[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTests
{
    private const int Heads = 2, QueryHeads = 4, Dimension = 16, Tokens = 10_000;

    public static TheoryData<IndexConfig, AttendOptions> Ways() => new()
    {
        { new KMeansIndexConfig { MaxIterations = 3 }, new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = 0.1 } },
        { new KMeansIndexConfig { MaxIterations = 3 }, AttendOptions.Dense },
        { new IncrementalIndexConfig { MaxIterations = 3 }, new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = 0.1, Certificate = true } },
        { new ProductQuantizationIndexConfig { MaxIterations = 3, BitsPerSubquantizer = 4 }, new AttendOptions { Mode = AttentionMode.Quantized, KeyShare = 0.1 } },
        { new ProductQuantizationIndexConfig { MaxIterations = 2, NumSubquantizers = 4 }, new AttendOptions { Mode = AttentionMode.Quantized, KeyShare = 0.1 } },
    };

    /// <summary>The first run takes the memory that a cache of this size needs; the second, over the same memory, is the steady state.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void A_decode_loop_of_ten_thousand_tokens_allocates_nothing_in_its_steady_state(IndexConfig config, AttendOptions options)
    {
        float[] keys = Made.Clustered(Heads * Tokens, Dimension, 1), queries = Made.Normals(QueryHeads * Dimension, 2), output = new float[QueryHeads * Dimension];
        var reports = new HeadReport[QueryHeads];
        using var cache = new HiraCache(config, new HiraCacheOptions { SegmentSize = 2048 });
        long Decode()
        {
            cache.Reset();
            Update(cache, keys, 0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int token = 1; token < Tokens; token++)
            {
                Update(cache, keys, token);
                // Attention at every token would make this a test of minutes.
                if (token % 16 == 0)
                    cache.Attend(new HeadTensor(queries, 1, QueryHeads, 1, Dimension), 0, output, options, reports);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Decode();
        Assert.Equal(0, Math.Min(Decode(), Decode()));
        Assert.True(cache.GetIndex(0)!.NumSegments > 2 * Heads);
    }

    /// <summary>Every worker has the same heads in each call, so that its memory too has its final size after the first run.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void Nor_does_one_on_several_threads(IndexConfig config, AttendOptions options)
    {
        const int Some = 3000;
        float[] keys = Made.Clustered(Heads * Tokens, Dimension, 1), queries = Made.Normals(QueryHeads * Dimension, 2), output = new float[QueryHeads * Dimension];
        var reports = new HeadReport[QueryHeads];
        using var cache = new HiraCache(config, new HiraCacheOptions { SegmentSize = 1024, Threads = 2 });
        long Decode()
        {
            cache.Reset();
            Update(cache, keys, 0);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int token = 1; token < Some; token++)
            {
                Update(cache, keys, token);
                if (token % 4 == 0)
                    cache.Attend(new HeadTensor(queries, 1, QueryHeads, 1, Dimension), 0, output, options, reports);
            }

            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        Decode();
        // Of all threads of the process, those of the test runner too, which now and then do something of their own.
        Assert.Equal(0, Enumerable.Range(0, 5).Select(_ => Decode()).Min());
    }

    private static void Update(HiraCache cache, float[] keys, int token)
    {
        ReadOnlySpan<float> from = keys.AsSpan(token * Dimension);
        var tensor = new HeadTensor(from, 1, Heads, 1, Dimension, 0, Tokens * Dimension, Dimension);
        cache.Update(tensor, tensor, 0);
    }
}

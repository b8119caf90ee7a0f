using Tessera.Attention.Configuration;
using Tessera.Attention.Scoring;
using Tessera.Vectors;

namespace Tessera.Attention.Tests.Scoring;

public sealed class CertificateTests
{
    private const int KeyHeads = 2, QueryHeads = 4;

    private static readonly int[] Dimensions = [4, 8, 16, 33];

    public static TheoryData<string> Shapes() => ["uniform", "clustered", "tight", "long", "outliers", "equal", "lines"];

    /// <summary>7 shapes x 360 caches and settings x 4 query heads: 10,080 outputs.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_true_error_never_exceeds_the_certificate(string shape)
    {
        var loosest = 0.0;
        for (int number = 0; number < 360; number++)
        {
            var random = new SeededRandom((ulong)number, 3);
            int dimension = Dimensions[random.Next(4)], tokens = 40 + random.Next(300);
            float[] keys = Keys(shape, KeyHeads * tokens, dimension, (ulong)number), values = Made.Normals(KeyHeads * tokens * dimension, (ulong)number + 1);
            using HiraCache cache = Cache(number, ref random);
            cache.Update(new HeadTensor(keys, 1, KeyHeads, tokens, dimension), new HeadTensor(values, 1, KeyHeads, tokens, dimension), 0);
            float[] queries = Made.Normals(QueryHeads * dimension, (ulong)number + 2, (float)(0.2 + 4 * random.NextDouble()));
            var output = new float[QueryHeads * dimension];
            var reports = new HeadReport[QueryHeads];
            cache.Attend(new HeadTensor(queries, 1, QueryHeads, 1, dimension), 0, output, Options(ref random), reports);

            for (int head = 0; head < QueryHeads; head++)
            {
                int keyHead = head / (QueryHeads / KeyHeads), each = tokens * dimension;
                double[] truth = Made.Attention(queries.AsSpan(head * dimension, dimension), keys.AsSpan(keyHead * each, each), values.AsSpan(keyHead * each, each));
                double error = Made.Distance(output.AsSpan(head * dimension, dimension), truth);
                Assert.True(error <= reports[head].ErrorBound, $"case {number}, head {head}: error {error}, bound {reports[head].ErrorBound}, {reports[head]}");
                loosest = Math.Max(loosest, error / reports[head].ErrorBound);
            }
        }

        // A bound that nothing ever comes near would prove little.
        Assert.InRange(loosest, 1e-4, 1);
    }

    [Fact]
    public void Certified_attention_without_a_limit_equals_dense_attention()
    {
        foreach (string shape in Shapes().Select(row => row.Data))
        {
            const int Dimension = 32, Tokens = 700;
            float[] keys = Keys(shape, KeyHeads * Tokens, Dimension, 5), values = Made.Normals(KeyHeads * Tokens * Dimension, 6);
            using var cache = new HiraCache(new KMeansIndexConfig { BranchingFactor = 8 });
            cache.Update(new HeadTensor(keys, 1, KeyHeads, Tokens, Dimension), new HeadTensor(values, 1, KeyHeads, Tokens, Dimension), 0);
            float[] queries = Made.Normals(QueryHeads * Dimension, 7, 2), dense = new float[queries.Length], certified = new float[queries.Length];
            var reports = new HeadReport[QueryHeads];
            var tensor = new HeadTensor(queries, 1, QueryHeads, 1, Dimension);

            cache.Attend(tensor, 0, dense, AttendOptions.Dense);
            cache.Attend(tensor, 0, certified, new AttendOptions { Mode = AttentionMode.Certified }, reports);

            for (int head = 0; head < QueryHeads; head++)
            {
                double[] truth = [.. dense.AsSpan(head * Dimension, Dimension).ToArray().Select(number => (double)number)];
                Assert.InRange(Made.Distance(certified.AsSpan(head * Dimension, Dimension), truth), 0, 1e-5 * Made.Length(truth) + 1e-5);
            }
        }
    }

    [Fact]
    public void A_tolerance_leaves_clusters_closed_and_holds()
    {
        const int Dimension = 16, Tokens = 4000;
        float[] keys = Made.Clustered(Tokens, Dimension, 1, noise: 0.05f, scale: 2), values = Made.Clustered(Tokens, Dimension, 2, noise: 0.05f);
        using var cache = new HiraCache(new KMeansIndexConfig());
        cache.Update(new HeadTensor(keys, 1, 1, Tokens, Dimension), new HeadTensor(values, 1, 1, Tokens, Dimension), 0);
        float[] query = keys[..Dimension], output = new float[Dimension];
        var reports = new HeadReport[1];

        cache.Attend(new HeadTensor(query, 1, 1, 1, Dimension), 0, output, new AttendOptions { Mode = AttentionMode.Certified, Tolerance = 0.05 }, reports);

        Assert.InRange(reports[0].KeysScored, 0, Tokens / 2);
        Assert.InRange(Made.Distance(output, Made.Attention(query, keys, values)), 0, reports[0].ErrorBound);
    }

    [Fact]
    public void The_growth_of_a_mean_of_exponentials_is_a_bound_and_can_be_reached()
    {
        var random = new SeededRandom(1);
        for (int number = 0; number < 1000; number++)
        {
            int count = 2 + random.Next(20);
            double[] x = [.. Enumerable.Range(0, count).Select(_ => (double)random.NextNormal())];
            double mean = x.Average(), reach = x.Max(v => v - mean), variance = x.Average(v => (v - mean) * (v - mean));
            Assert.InRange(x.Average(v => Math.Exp(v - mean)), 1, ErrorBound.Growth(x.Max(v => Math.Abs(v - mean)), variance) * (1 + 1e-12));
            Assert.True(reach > 0);
        }

        // Two values, the rarer one far above: the extreme of the inequality.
        double[] two = [3, .. Enumerable.Repeat(-1.0 / 3, 9)];
        Assert.Equal(two.Average(Math.Exp), ErrorBound.Growth(3, two.Average(v => v * v)), 1e-12);
        Assert.Equal(1, ErrorBound.Growth(0, 0));
    }

    private static HiraCache Cache(int number, ref SeededRandom random)
    {
        var options = new HiraCacheOptions { Sinks = random.Next(5), Window = random.Next(20), InsertBatch = 32, SegmentSize = 128 };
        int branching = 3 + random.Next(12), levels = 2 + random.Next(3);
        return number % 2 == 0
            ? new HiraCache(new KMeansIndexConfig { NumLevels = levels, BranchingFactor = branching, UpdateInterval = 16 }, options)
            : new HiraCache(new IncrementalIndexConfig { NumLevels = levels, BranchingFactor = branching }, options);
    }

    private static AttendOptions Options(ref SeededRandom random) => random.Next(4) switch
    {
        0 => new AttendOptions { Mode = AttentionMode.Certified, Tolerance = Math.Pow(10, -4 * random.NextDouble()) },
        1 => new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = 0.05 + 0.5 * random.NextDouble(), Certificate = true },
        2 => new AttendOptions { Mode = AttentionMode.Budgeted, Mass = 0.05 + 0.9 * random.NextDouble(), Certificate = true },
        _ => new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = 0.05 + 0.5 * random.NextDouble(), Certificate = true, TailEstimate = false },
    };

    private static float[] Keys(string shape, int rows, int dimension, ulong seed)
    {
        float[] keys = shape switch
        {
            "clustered" => Made.Clustered(rows, dimension, seed),
            "tight" => Made.Clustered(rows, dimension, seed, noise: 0.01f),
            "long" => Made.Clustered(rows, dimension, seed, scale: 3),
            "lines" => Made.Clustered(rows, dimension, seed, noise: 0.05f),
            "equal" => [.. Enumerable.Repeat(Made.Normals(dimension, seed), rows).SelectMany(row => row)],
            _ => Made.Normals(rows * dimension, seed),
        };
        var random = new SeededRandom(seed, 9);
        for (int row = 0; row < rows; row++)
        {
            // Along a line the variance is all in one direction, and one key far out is what the extreme inequality is about.
            if (shape == "lines")
                keys[row * dimension] += 2 * (float)random.NextNormal();
            else if (shape == "outliers" && random.Next(20) == 0)
                keys[row * dimension + random.Next(dimension)] += 8;
        }

        return keys;
    }
}

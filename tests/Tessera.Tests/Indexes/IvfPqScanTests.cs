using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>What the byte tables skip never changes an answer.</summary>
public sealed class IvfPqScanTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_fast_scan_answers_as_the_plain_one_to_the_bit(int seed)
    {
        var random = new SeededRandom((ulong)seed);
        Metric metric = (Metric)(seed % 3);
        int sub = 1 + random.Next(6), parts = 1 + random.Next(20), dimension = sub * parts;
        int lists = 1 + random.Next(40), count = 300 + random.Next(600);
        Matrix vectors = Data(seed, count, dimension);
        IvfPqIndex index = Filled(vectors, new IvfPqOptions { Lists = lists, Subquantizers = parts, Bits = 8, Probes = 1, Refine = seed % 5 == 0 ? RefineStorage.Full : RefineStorage.None, Residual = (seed % 4) switch { 0 => true, 1 => false, _ => null } }, metric);
        Matrix queries = vectors.Slice(10, 5);
        foreach (int probes in (int[])[1, 2, (lists + 1) / 2, lists])
        {
            var options = new SearchOptions { Probes = Math.Min(probes, lists) };
            foreach (int k in (int[])[1, 3, 10, 100, count, count + 10])
            {
                Neighbor[][] expected = Plain(index, queries, k, options);
                Assert.Equal(expected, index.OneByOne(queries, k, options));
                Assert.Equal(expected, index.Together(queries, k, options));
            }
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void Lists_that_are_empty_or_hold_one_code_are_searched_too(int bits)
    {
        // Trained on 30 clusters, filled from 3 of them, and with one vector from each of 5 more.
        Matrix sample = TestVectors.Planted(30, 20, 12, 0.05f, 1);
        int[] some = [.. Enumerable.Range(0, 600).Where(i => i % 30 < 3), 3, 4, 5, 6, 7];
        IvfPqIndex index = Trained(sample, new IvfPqOptions { Lists = 30, Subquantizers = 4, Bits = bits, Probes = 1 });
        index.Add(sample.Select(some), cancellationToken: Cancellation);
        foreach (int probes in (int[])[1, 7, 30])
        {
            var options = new SearchOptions { Probes = probes };
            foreach (int k in (int[])[1, 10, some.Length, some.Length + 1])
            {
                Neighbor[][] expected = Plain(index, sample.Slice(0, 60), k, options);
                Assert.Equal(expected, index.OneByOne(sample.Slice(0, 60), k, options));
                Assert.Equal(expected, index.Together(sample.Slice(0, 60), k, options));
            }
        }

        Assert.Equal(some.Length, index.OneByOne(sample.Slice(0, 1), some.Length, new SearchOptions { Probes = 30 })[0].Count(answer => answer.Id >= 0));
        Assert.All(index.OneByOne(sample.Slice(20, 5), 3, new SearchOptions { Probes = 1 }), answers => Assert.Equal(Neighbor.None, answers[0]));
    }

    [Theory]
    [InlineData(1, 2.2)]
    [InlineData(4, 0.8)]
    [InlineData(6, 0.35)]
    [InlineData(8, 0.16)]
    [InlineData(10, 0.02)]
    [InlineData(12, 1e-6)]
    public void Distances_approach_the_true_ones_with_more_bits(int bits, double most)
    {
        // Of 12 bits there are about as many entries as vectors, and codes lose nothing.
        Matrix vectors = bits == 12 ? TestVectors.Normal(4100, 2, 3) : TestVectors.Planted(10, 130, 8, 0.3f, 2);
        IvfPqIndex index = Filled(vectors, new IvfPqOptions { Lists = 6, Subquantizers = bits == 12 ? 1 : 4, Bits = bits, Probes = 6 });
        Matrix queries = TestVectors.Normal(10, vectors.Dimension, 4);

        double error = 0;
        foreach ((int i, Neighbor[] found) in index.OneByOne(queries, 50).Index())
        {
            Assert.Equal(found.OrderBy(answer => answer.Distance), found);
            Assert.Equal(50, found.DistinctBy(answer => answer.Id).Count());
            error += found.Average(answer => Math.Abs(answer.Distance - ExactNeighbors.Distance(Metric.L2, queries[i], vectors[(int)answer.Id]))) / queries.Rows;
        }

        Assert.InRange(error, 0, most);
    }

    internal static IvfPqIndex Trained(Matrix sample, IvfPqOptions options, Metric metric = Metric.L2)
    {
        var index = new IvfPqIndex(sample.Dimension, options, metric);
        index.Train(sample, new BuildOptions { CoarseIterations = 5, CodebookIterations = 5 }, cancellationToken: Cancellation);
        return index;
    }

    internal static IvfPqIndex Filled(Matrix vectors, IvfPqOptions options, Metric metric = Metric.L2)
    {
        IvfPqIndex index = Trained(vectors, options, metric);
        index.Add(vectors, cancellationToken: Cancellation);
        return index;
    }

    internal static Neighbor[][] Plain(IvfPqIndex index, Matrix queries, int k, SearchOptions options)
    {
        var all = new Neighbor[queries.Rows][];
        for (int i = 0; i < all.Length; i++)
            index.SearchPlain(queries[i], all[i] = new Neighbor[k], options);
        return all;
    }

    private static Matrix Data(int seed, int count, int dimension) => (seed % 6) switch
    {
        0 => TestVectors.Normal(count, dimension, (ulong)seed),
        1 => TestVectors.Planted(20, count / 20 + 1, dimension, 0.1f, (ulong)seed),
        2 => TestVectors.Normal(count, dimension, (ulong)seed).Change((value, _) => value + 1000),
        3 => new Matrix(TestVectors.Integers(count * dimension, (ulong)seed), dimension),
        4 => TestVectors.Planted(5, count / 5 + 1, dimension, 0, (ulong)seed),
        _ => TestVectors.Normal(count, dimension, (ulong)seed).Change((value, row) => value * MathF.Pow(10, row % 9 - 4)),
    };
}

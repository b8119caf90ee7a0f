using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Search;

public sealed class GroundTruthTests
{
    [Theory]
    [InlineData(Metric.L2)]
    [InlineData(Metric.InnerProduct)]
    [InlineData(Metric.Cosine)]
    public void Blocks_give_the_neighbours_that_comparing_everything_gives(Metric metric)
    {
        const int K = 12;
        var vectors = Vectors(500, 9, 1);
        var queries = Vectors(20, 9, 2);
        var truth = GroundTruth.Compute(
            [vectors.Slice(0, 3), vectors.Slice(3, 200), vectors.Slice(203, 297)], queries, K, metric, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((20, K), (truth.Queries, truth.K));
        for (int query = 0; query < queries.Rows; query++)
        {
            double[] distances = [.. Enumerable.Range(0, vectors.Rows).Select(id => Distance(metric, queries[query], vectors[id]))];
            double[] nearest = [.. distances.Order().Take(K)];
            Assert.Equal(K, truth[query].ToArray().Distinct().Count());
            // By distance, for float32 may order near ties otherwise.
            for (int i = 0; i < K; i++)
                Assert.Equal(nearest[i], distances[truth[query][i]], 1e-4);
        }
    }

    [Fact]
    public void Equal_distances_are_ordered_by_id_across_blocks()
    {
        var same = new Matrix(new float[6], 1);
        var truth = GroundTruth.Compute(
            [same.Slice(0, 2), same.Slice(2, 2), same.Slice(4, 2)], same.Slice(0, 1), 5, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 2, 3, 4], truth[0].ToArray());
    }

    [Fact]
    public void Where_the_base_is_smaller_than_k_the_rest_is_minus_1()
    {
        var truth = GroundTruth.Compute(
            [Vectors(2, 3, 1), Vectors(1, 3, 2)], Vectors(4, 3, 3), 5, cancellationToken: TestContext.Current.CancellationToken);
        for (int query = 0; query < 4; query++)
        {
            Assert.Equal([0, 1, 2], truth[query][..3].ToArray().Order());
            Assert.Equal([-1, -1], truth[query][3..].ToArray());
        }
    }

    [Fact]
    public void Nothing_to_compare_is_refused()
    {
        var one = Vectors(1, 3, 1);
        Assert.Equal("baseBlocks", Refused([], one));
        Assert.Equal("queries", Refused([one], new Matrix(Array.Empty<float>(), 3)));

        static string? Refused(Matrix[] blocks, Matrix queries) => Assert.Throws<ArgumentException>(
            () => GroundTruth.Compute(blocks, queries, 1, cancellationToken: TestContext.Current.CancellationToken)).ParamName;
    }

    private static double Distance(Metric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double product = 0, squared = 0, normA = 0, normB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            squared += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
            normA += (double)a[i] * a[i];
            normB += (double)b[i] * b[i];
        }

        return metric switch
        {
            Metric.L2 => squared,
            Metric.InnerProduct => -product,
            _ => 1 - product / Math.Sqrt(normA * normB),
        };
    }

    private static Matrix Vectors(int rows, int dimension, int seed)
    {
        var random = new Random(seed);
        return new Matrix(Enumerable.Range(0, rows * dimension).Select(_ => (float)random.NextDouble() * 2 - 1).ToArray(), dimension);
    }
}

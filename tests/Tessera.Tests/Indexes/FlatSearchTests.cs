using Tessera.Indexes;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>When the product's choice of the k nearest is proven, and when it is not.</summary>
public sealed class FlatSearchTests
{
    private const int Queries = 40;
    private const int K = 10;

    public static TheoryData<Metric> Metrics() => [Metric.L2, Metric.InnerProduct, Metric.Cosine];

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Ordinary_queries_are_answered_by_the_product_alone(Metric metric)
    {
        foreach (int dimension in (int[])[8, 100])
            Assert.Equal(Queries, Proven(metric, TestVectors.Normal(2000, dimension, 1)));
    }

    [Fact]
    public void Vectors_far_from_zero_and_copies_are_not_left_to_the_product()
    {
        Assert.Equal(0, Proven(Metric.L2, TestVectors.Normal(2000, 8, 1).Change((value, _) => value + 3000)));
        Assert.Equal(0, Proven(Metric.L2, TestVectors.Normal(100, 8, 1).Select([.. Enumerable.Range(0, 2000).Select(i => i % 100)])));
    }

    [Fact]
    public void Fewer_rows_than_a_heap_holds_leave_nothing_to_prove()
    {
        Assert.Equal(Queries, Proven(Metric.L2, TestVectors.Normal(ProductRounding.Room(K) - 1, 8, 1).Change((value, _) => value + 3000), 1));
    }

    /// <summary>How many of the queries the product answers for certain; the first rows are the queries.</summary>
    private static int Proven(Metric metric, Matrix vectors, int step = 2)
    {
        if (metric == Metric.Cosine)
            vectors = Normalisation.Apply(vectors);
        var rows = new RowStore(vectors.Dimension);
        rows.Append(vectors.Span);
        Matrix queries = vectors.Select([.. Enumerable.Range(0, Queries).Select(i => i * step % vectors.Rows)]);
        using var scratch = new FlatScratch();
        FlatSearch.Multiply(metric, rows.Snapshot, null, queries.Span, Queries, K, scratch, TestContext.Current.CancellationToken);
        return Enumerable.Range(0, Queries).Count(query => FlatSearch.Proves(metric, vectors.Dimension, query, scratch.Sorted(query), scratch));
    }
}

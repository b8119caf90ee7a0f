using Tessera.Indexes;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Indexes of vectors whose dimensions vary so unequally that their codes take them in an order of their own.</summary>
public sealed class OrderedCodesTests
{
    private const int Dimension = 24;

    private static readonly Matrix Vectors = TestVectors.Normal(3000, Dimension, 1).Scaled(i => i < 6 ? 8 : 0.5f);
    private static readonly Matrix Queries = TestVectors.Normal(50, Dimension, 2).Scaled(i => i < 6 ? 8 : 0.5f);

    public static TheoryData<Metric, int, bool> Kinds() => new()
    {
        { Metric.L2, 8, true }, { Metric.L2, 4, false }, { Metric.InnerProduct, 4, true }, { Metric.Cosine, 5, false },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Scans_fast_and_plain_from_memory_and_from_a_file_answer_alike(Metric metric, int bits, bool residual)
    {
        IvfPqIndex index = Filled(Vectors, bits, metric, residual);
        using var folder = new TemporaryFolder();
        index.Save(folder["index.tsr"]);
        using (TsrReader file = TsrReader.Open(folder["index.tsr"]))
            Assert.True(file.TryFind("order", out _));
        using var opened = (IvfPqIndex)VectorIndex.Open(folder["index.tsr"]);
        foreach (int probes in (int[])[1, 4, 9])
        {
            var options = new SearchOptions { Probes = probes };
            Neighbor[][] expected = IvfPqScanTests.Plain(index, Queries, 10, options);
            Assert.Equal(expected, index.OneByOne(Queries, 10, options));
            Assert.Equal(expected, index.Together(Queries, 10, options));
            Assert.Equal(expected, opened.Together(Queries, 10, options));
        }

        opened.Save(folder["again.tsr"]);
        Assert.Equal(File.ReadAllBytes(folder["index.tsr"]), File.ReadAllBytes(folder["again.tsr"]));
    }

    [Fact]
    public void Codes_find_what_they_find_where_the_dimensions_come_well_ordered()
    {
        // One of the six dimensions that vary comes first in each part: nothing is left to order.
        int[] dealt = [.. Enumerable.Range(0, Dimension).Select(i => i % 4 == 0 ? i / 4 : 6 + i - i / 4 - 1)];
        Matrix vectors = Dealt(Vectors, dealt), queries = Dealt(Queries, dealt);
        Neighbor[][] truth = [.. Enumerable.Range(0, Queries.Rows).Select(i => ExactNeighbors.Of(Metric.L2, Vectors, Queries[i], 10))];
        var all = new SearchOptions { Probes = 9 };

        double ordered = ExactNeighbors.Recall(truth, Filled(Vectors, 4, Metric.L2, false).Together(Queries, 10, all));
        double given = ExactNeighbors.Recall(truth, Filled(vectors, 4, Metric.L2, false).Together(queries, 10, all));

        Assert.InRange(ordered, given - 0.03, 1);
        Assert.InRange(given, 0.5, 1);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Twins_merged_are_the_index_that_took_all_vectors(Metric metric, int bits, bool residual)
    {
        IvfPqIndex whole = Filled(Vectors, bits, metric, residual);
        using VectorIndex a = whole.CreateEmpty(), b = whole.CreateEmpty();
        a.Add(Vectors.Slice(0, 2000), cancellationToken: TestContext.Current.CancellationToken);
        b.Add(Vectors.Slice(2000, 1000), cancellationToken: TestContext.Current.CancellationToken);

        a.Merge(b, shiftIds: true, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(whole.Together(Queries, 10), a.Together(Queries, 10));
    }

    [Fact]
    public void A_damaged_order_is_refused()
    {
        using var file = new DamagedIndexFile(Filled(Vectors, 4, Metric.L2, false), Queries);
        int[] order = file.Numbers<int>("order");
        Assert.Equal(Dimension, order.Length);
        foreach (int value in (int[])[int.MinValue, -1, order[1], Dimension, int.MaxValue])
            Assert.False(file.OpensWith("order", 0, value));
        // Codes that are said to take dimensions as they are given have no order.
        foreach (int kind in (int[])[0, 1, 4, 6, -1])
            Assert.False(file.OpensWith("parameters", 5, kind));
    }

    private static Matrix Dealt(Matrix vectors, int[] order) =>
        new(Enumerable.Range(0, vectors.Rows).SelectMany(row => order.Select(i => vectors[row][i])).ToArray(), vectors.Dimension);

    private static IvfPqIndex Filled(Matrix vectors, int bits, Metric metric, bool residual) =>
        IvfPqScanTests.Filled(vectors, new IvfPqOptions { Lists = 9, Subquantizers = 6, Bits = bits, Residual = residual }, metric);
}

using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class IvfPqIndexTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Metric> Metrics() => [Metric.L2, Metric.InnerProduct, Metric.Cosine];

    public static TheoryData<int, Metric> BitsAndMetrics() => new()
    {
        { 1, Metric.L2 }, { 4, Metric.L2 }, { 6, Metric.L2 }, { 8, Metric.L2 }, { 10, Metric.L2 },
        { 4, Metric.InnerProduct }, { 8, Metric.InnerProduct }, { 6, Metric.Cosine }, { 8, Metric.Cosine },
    };

    [Theory]
    [MemberData(nameof(BitsAndMetrics))]
    public void Every_list_visited_and_every_candidate_measured_is_an_exact_search(int bits, Metric metric)
    {
        Matrix vectors = TestVectors.Planted(8, 140, 12, 0.4f, 1), queries = TestVectors.Normal(15, 12, 2);
        IvfPqIndex index = IvfPqScanTests.Filled(vectors, new IvfPqOptions { Lists = 9, Subquantizers = 4, Bits = bits, Probes = 1, Refine = RefineStorage.Full }, metric);
        var flat = new FlatIndex(12, metric);
        flat.Add(vectors, cancellationToken: Cancellation);
        var all = new SearchOptions { Probes = 9, RerankFactor = 1000 };

        Assert.Equal(flat.OneByOne(queries, 10), index.OneByOne(queries, 10, all));
        Assert.Equal(flat.Together(queries, 10), index.Together(queries, 10, all));
        Assert.Equal(flat.OneByOne(queries, 1120), index.OneByOne(queries, 1120, all));
    }

    [Theory]
    [InlineData(Metric.L2, false, 0.88)]
    [InlineData(Metric.L2, true, 0.94)]
    [InlineData(Metric.InnerProduct, false, 0.82)]
    [InlineData(Metric.InnerProduct, true, 0.89)]
    [InlineData(Metric.Cosine, false, 0.88)]
    [InlineData(Metric.Cosine, true, 0.95)]
    public void Recall_at_six_of_32_lists_stays_above_its_floor(Metric metric, bool refine, double floor)
    {
        Matrix vectors = TestVectors.LowRank(4000, 32, 10, 0.3f, 5), queries = TestVectors.LowRank(80, 32, 10, 0.3f, 5);
        IvfPqIndex index = IvfPqScanTests.Filled(vectors, new IvfPqOptions { Lists = 32, Subquantizers = 16, Bits = 8, Probes = 6, Refine = refine ? RefineStorage.Full : RefineStorage.None }, metric);
        Neighbor[][] truth = [.. Enumerable.Range(0, queries.Rows).Select(i => ExactNeighbors.Of(metric, vectors, queries[i], 10))];

        double recall = ExactNeighbors.Recall(truth, index.OneByOne(queries, 10));

        Assert.InRange(recall, floor, 1);
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void More_probes_and_more_candidates_never_find_less(Metric metric)
    {
        Matrix vectors = TestVectors.LowRank(1200, 16, 8, 0.3f, 5), queries = TestVectors.LowRank(40, 16, 8, 0.3f, 5);
        IvfPqIndex index = IvfPqScanTests.Filled(vectors, new IvfPqOptions { Lists = 32, Subquantizers = 4, Bits = 4, Probes = 1, Refine = RefineStorage.Full }, metric);
        Neighbor[][] truth = [.. Enumerable.Range(0, queries.Rows).Select(i => ExactNeighbors.Of(metric, vectors, queries[i], 10))];
        double Recall(int probes, int factor) => ExactNeighbors.Recall(truth, index.Together(queries, 10, new SearchOptions { Probes = probes, RerankFactor = factor }));

        double[] byProbes = [.. new[] { 1, 4, 16, 32 }.Select(probes => Recall(probes, 1000))];
        double[] byFactor = [.. new[] { 1, 2, 8, 200 }.Select(factor => Recall(32, factor))];

        Assert.Equal(byProbes.Order(), byProbes);
        Assert.Equal(byFactor.Order(), byFactor);
        Assert.True(byProbes[0] < 0.95 && byFactor[0] < 0.95, $"{byProbes[0]} and {byFactor[0]} leave nothing to gain");
        Assert.Equal((1, 1), (byProbes[^1], byFactor[^1]));
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Codes_of_residuals_and_of_the_vectors_themselves_both_find(Metric metric)
    {
        Matrix vectors = TestVectors.LowRank(1500, 16, 8, 0.3f, 5), queries = TestVectors.LowRank(40, 16, 8, 0.3f, 5);
        Neighbor[][] truth = [.. Enumerable.Range(0, queries.Rows).Select(i => ExactNeighbors.Of(metric, vectors, queries[i], 10))];
        foreach (bool? residual in (bool?[])[true, false, null])
        {
            IvfPqIndex index = IvfPqScanTests.Filled(vectors, new IvfPqOptions { Lists = 10, Subquantizers = 8, Bits = 8, Probes = 10, Residual = residual }, metric);
            Assert.InRange(ExactNeighbors.Recall(truth, index.OneByOne(queries, 10)), 0.85, 1);
        }
    }

    [Fact]
    public void Training_codes_residuals_unless_the_vectors_themselves_are_coded_better()
    {
        // Around 10 centres each, but the numbers of the sparse ones are 0 or one of few values.
        Matrix dense = TestVectors.Planted(10, 130, 16, 0.3f, 1);
        Matrix sparse = dense.Change((value, row) => value < 0.5f ? 0 : MathF.Round(4 * value));
        using var folder = new TemporaryFolder();
        foreach ((Matrix vectors, bool residual) in (IEnumerable<(Matrix, bool)>)[(dense, true), (sparse, false)])
        {
            IvfPqScanTests.Filled(vectors, new IvfPqOptions { Lists = 4, Subquantizers = 8, Bits = 4 }).Save(folder["index.tsr"]);
            using VectorIndex opened = VectorIndex.Open(folder["index.tsr"]);
            Assert.Equal(residual, ((IvfPqIndex)opened).Options.Residual);
        }
    }

    [Fact]
    public void A_search_visits_as_many_lists_as_the_index_says_unless_told_otherwise()
    {
        Matrix vectors = TestVectors.Planted(20, 40, 8, 0.5f, 5), queries = vectors.Slice(0, 20);
        IvfPqIndex index = IvfPqScanTests.Filled(vectors, new IvfPqOptions { Lists = 20, Subquantizers = 4, Bits = 4, Probes = 3 });

        Assert.Equal(index.OneByOne(queries, 100, new SearchOptions { Probes = 3 }), index.OneByOne(queries, 100));
        Assert.NotEqual(index.OneByOne(queries, 100, new SearchOptions { Probes = 4 }), index.OneByOne(queries, 100));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(10)]
    public void Vectors_added_in_many_calls_answer_as_those_added_in_one(int bits)
    {
        Matrix vectors = TestVectors.Planted(12, 100, 12, 0.5f, 7), queries = vectors.Slice(0, 30);
        var options = new IvfPqOptions { Lists = 12, Subquantizers = 4, Bits = bits, Probes = 4, Refine = bits == 8 ? RefineStorage.Full : RefineStorage.None };
        IvfPqIndex whole = IvfPqScanTests.Filled(vectors, options);
        Neighbor[][] expected = whole.OneByOne(queries, 20);
        foreach (int piece in (int[])[1, 63, 64, 500])
        {
            IvfPqIndex index = IvfPqScanTests.Trained(vectors, options);
            for (int start = 0; start < vectors.Rows; start += piece)
                index.Add(vectors.Slice(start, Math.Min(piece, vectors.Rows - start)), options: new BuildOptions { Threads = 1 + piece % 2 }, cancellationToken: Cancellation);

            Assert.Equal(vectors.Rows, index.Count);
            Assert.Equal(expected, index.OneByOne(queries, 20));
        }
    }

    [Fact]
    public void Vectors_answer_under_the_ids_given_and_else_under_the_next_numbers()
    {
        Matrix vectors = TestVectors.Planted(12, 30, 8, 0.5f, 7);
        var options = new IvfPqOptions { Lists = 4, Subquantizers = 8, Bits = 8, Probes = 4, Refine = RefineStorage.Full };
        IvfPqIndex index = IvfPqScanTests.Trained(vectors, options);
        index.Add(vectors.Slice(0, 20), cancellationToken: Cancellation);
        index.Add(vectors.Slice(20, 300), [.. Enumerable.Range(0, 300).Select(i => (1L << 40) - i)], cancellationToken: Cancellation);
        index.Add(vectors.Slice(320, 40), cancellationToken: Cancellation);

        long[] nearest = [.. index.OneByOne(vectors, 1).Select(answers => answers[0].Id)];

        Assert.Equal([.. Enumerable.Range(0, 20), .. Enumerable.Range(0, 300).Select(i => (1L << 40) - i), .. Enumerable.Range(1, 40).Select(i => (1L << 40) + i)], nearest);
    }

    [Fact]
    public void A_trained_index_without_vectors_has_no_answers()
    {
        Matrix vectors = TestVectors.Normal(300, 8, 1);
        foreach (bool refine in (bool[])[false, true])
        {
            IvfPqIndex index = IvfPqScanTests.Trained(vectors, new IvfPqOptions { Lists = 4, Subquantizers = 4, Refine = refine ? RefineStorage.Full : RefineStorage.None, Probes = 2 });
            index.Add(vectors.Slice(0, 0), cancellationToken: Cancellation);

            Assert.Equal(0, index.Count);
            Assert.All(index.OneByOne(vectors.Slice(0, 30), 5), answers => Assert.All(answers, answer => Assert.Equal(Neighbor.None, answer)));
            Assert.All(index.Together(vectors.Slice(0, 30), 5), answers => Assert.All(answers, answer => Assert.Equal(Neighbor.None, answer)));
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_zero_vector_is_about_1_from_everything_by_cosine(bool refine, bool residual)
    {
        Matrix vectors = TestVectors.Planted(8, 60, 8, 0.3f, 3).Change((value, row) => row == 100 ? 0 : value);
        IvfPqIndex index = IvfPqScanTests.Filled(vectors, new IvfPqOptions { Lists = 4, Subquantizers = 8, Bits = 6, Probes = 4, Refine = refine ? RefineStorage.Full : RefineStorage.None, Residual = residual }, Metric.Cosine);
        float rounding = refine ? 0 : 0.1f;

        Neighbor[][] found = index.OneByOne(vectors, 480, new SearchOptions { RerankFactor = 2 });

        for (int i = 0; i < vectors.Rows; i++)
            Assert.Equal(1, found[i].Single(answer => answer.Id == 100).Distance, rounding);
        Assert.All(found[100], answer => Assert.Equal(1, answer.Distance, rounding));
    }

    [Fact]
    public void Vectors_that_are_all_alike_are_found_in_the_order_of_adding()
    {
        var vectors = new Matrix(Enumerable.Repeat(1.5f, 400 * 8).ToArray(), 8);
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            IvfPqIndex index = IvfPqScanTests.Filled(vectors, new IvfPqOptions { Lists = 5, Subquantizers = 4, Probes = 5 }, metric);
            Assert.Equal(Enumerable.Range(0, 50), index.OneByOne(vectors.Slice(0, 1), 50)[0].Select(answer => (int)answer.Id));
        }
    }
}

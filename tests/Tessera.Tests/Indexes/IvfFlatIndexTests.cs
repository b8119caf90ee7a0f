using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class IvfFlatIndexTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Metric, string> Cases()
    {
        var cases = new TheoryData<Metric, string>();
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            foreach (string data in (string[])["normal", "clusters", "far from zero", "whole numbers", "copies", "all alike"])
                cases.Add(metric, data);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_list_visited_is_an_exact_search(Metric metric, string data)
    {
        foreach (int dimension in (int[])[3, 16, 37])
        {
            Matrix vectors = Make(data, dimension);
            var flat = new FlatIndex(dimension, metric);
            flat.Add(vectors, cancellationToken: Cancellation);
            IvfFlatIndex index = Filled(vectors, new IvfFlatOptions { Lists = 12, Probes = 12 }, metric);
            Matrix queries = vectors.Slice(100, 30);
            foreach (int k in (int[])[1, 10, vectors.Rows + 2])
            {
                Neighbor[][] expected = flat.OneByOne(queries, k);
                Assert.Equal(expected, index.OneByOne(queries, k));
                Assert.Equal(expected, index.Together(queries, k, new SearchOptions { Threads = 1 }));
                Assert.Equal(expected, index.Together(queries, k, new SearchOptions { Threads = 2 }));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_batch_answers_as_single_queries_do_to_the_bit(Metric metric, string data)
    {
        Matrix vectors = Make(data, 16);
        IvfFlatIndex index = Filled(vectors, new IvfFlatOptions { Lists = 30 }, metric);
        foreach (int probes in (int[])[1, 2, 7])
        {
            var options = new SearchOptions { Probes = probes };
            foreach (int batch in (int[])[1, 2, 5, 200])
                Assert.Equal(index.OneByOne(vectors.Slice(50, batch), 10, options), index.Together(vectors.Slice(50, batch), 10, options));
        }
    }

    [Fact]
    public void A_search_finds_what_is_in_the_lists_it_visits_and_nothing_else()
    {
        Matrix vectors = TestVectors.Planted(10, 60, 8, 0.3f, 1);
        IvfFlatIndex index = Filled(vectors, new IvfFlatOptions { Lists = 10, Probes = 1 });
        long[][] visited = [.. index.OneByOne(vectors, 600).Select(answers => answers.Where(answer => answer.Id >= 0).Select(answer => answer.Id).Order().ToArray())];

        // A vector is in the list that it visits as a query, and all members of a list see the same ones.
        for (int i = 0; i < visited.Length; i++)
        {
            Assert.Contains(i, visited[i]);
            Assert.All(visited[i], other => Assert.Equal(visited[i], visited[other]));
        }

        Assert.InRange(visited.DistinctBy(list => list[0]).Count(), 5, 10);
    }

    [Theory]
    [InlineData(Metric.L2)]
    [InlineData(Metric.InnerProduct)]
    [InlineData(Metric.Cosine)]
    public void Recall_at_six_of_32_lists_stays_above_its_floor(Metric metric)
    {
        Matrix vectors = TestVectors.LowRank(4000, 32, 10, 0.3f, 5), queries = TestVectors.LowRank(80, 32, 10, 0.3f, 5);
        IvfFlatIndex index = Filled(vectors, new IvfFlatOptions { Lists = 32, Probes = 6 }, metric);
        Neighbor[][] truth = [.. Enumerable.Range(0, queries.Rows).Select(i => ExactNeighbors.Of(metric, vectors, queries[i], 10))];

        Assert.InRange(ExactNeighbors.Recall(truth, index.Together(queries, 10)), metric == Metric.InnerProduct ? 0.89 : 0.94, 1);
        Assert.Equal(1, ExactNeighbors.Recall(truth, index.Together(queries, 10, new SearchOptions { Probes = 32 })));
    }

    [Fact]
    public void Recall_rises_with_the_lists_visited()
    {
        Matrix vectors = TestVectors.Normal(4000, 16, 3), queries = TestVectors.Normal(100, 16, 4);
        IvfFlatIndex index = Filled(vectors, new IvfFlatOptions { Lists = 40 });
        Neighbor[][] truth = [.. Enumerable.Range(0, queries.Rows).Select(i => ExactNeighbors.Of(Metric.L2, vectors, queries[i], 10))];
        double[] recalls = [.. ((int[])[1, 4, 16, 40]).Select(probes => ExactNeighbors.Recall(truth, index.Together(queries, 10, new SearchOptions { Probes = probes })))];

        Assert.Equal(recalls.Order(), recalls);
        Assert.InRange(recalls[0], 0.15, 0.8);
        Assert.InRange(recalls[2], 0.9, 1);
        Assert.Equal(1, recalls[3]);
    }

    [Fact]
    public void Vectors_added_in_many_calls_answer_as_those_added_in_one()
    {
        Matrix vectors = TestVectors.Planted(12, 100, 12, 0.5f, 7), queries = vectors.Slice(0, 30);
        Neighbor[][] expected = Filled(vectors, new IvfFlatOptions { Lists = 12, Probes = 4 }).OneByOne(queries, 20);
        foreach (int piece in (int[])[1, 63, 500])
        {
            IvfFlatIndex index = Trained(vectors, new IvfFlatOptions { Lists = 12, Probes = 4 }, Metric.L2);
            for (int start = 0; start < vectors.Rows; start += piece)
                index.Add(vectors.Slice(start, Math.Min(piece, vectors.Rows - start)), options: new BuildOptions { Threads = 1 + piece % 2 }, cancellationToken: Cancellation);

            Assert.Equal(expected, index.OneByOne(queries, 20));
            Assert.Equal(expected, index.Together(queries, 20));
        }
    }

    [Fact]
    public void Vectors_answer_under_the_ids_given_and_else_under_the_next_numbers()
    {
        Matrix vectors = TestVectors.Planted(12, 30, 8, 0.5f, 7);
        IvfFlatIndex index = Trained(vectors, new IvfFlatOptions { Lists = 4, Probes = 4 }, Metric.L2);
        index.Add(vectors.Slice(0, 20), cancellationToken: Cancellation);
        index.Add(vectors.Slice(20, 300), [.. Enumerable.Range(0, 300).Select(i => (1L << 40) - i)], cancellationToken: Cancellation);
        index.Add(vectors.Slice(320, 40), cancellationToken: Cancellation);
        long[] expected = [.. Enumerable.Range(0, 20), .. Enumerable.Range(0, 300).Select(i => (1L << 40) - i), .. Enumerable.Range(1, 40).Select(i => (1L << 40) + i)];

        Assert.Equal(expected, index.OneByOne(vectors, 1).Select(answers => answers[0].Id));
        Assert.Equal(expected, index.Together(vectors, 1).Select(answers => answers[0].Id));
    }

    [Fact]
    public void A_trained_index_without_vectors_and_lists_without_any_have_no_answers()
    {
        Matrix vectors = TestVectors.Planted(10, 30, 8, 0.01f, 1);
        IvfFlatIndex index = Trained(vectors, new IvfFlatOptions { Lists = 10, Probes = 1 }, Metric.L2);
        index.Add(vectors.Slice(0, 0), cancellationToken: Cancellation);
        Assert.All(index.OneByOne(vectors, 5).Concat(index.Together(vectors, 5)), answers => Assert.All(answers, answer => Assert.Equal(Neighbor.None, answer)));

        index.Add(vectors.Slice(0, 1), cancellationToken: Cancellation);
        foreach (Neighbor[][] found in (Neighbor[][][])[index.OneByOne(vectors, 5), index.Together(vectors, 5)])
            Assert.Equal(Enumerable.Range(0, 300).Where(i => i % 10 == 0), found.Index().Where(pair => pair.Item[0].Id == 0).Select(pair => pair.Index));
        Assert.All(index.Together(vectors, 5, new SearchOptions { Probes = 10 }), answers => Assert.Equal((0, -1), (answers[0].Id, answers[1].Id)));
    }

    [Fact]
    public void Too_few_training_vectors_are_refused_and_few_warn_with_the_number_that_would_be_enough()
    {
        var index = new IvfFlatIndex(8, new IvfFlatOptions { Lists = 10 });

        var refusal = Assert.Throws<ArgumentException>(() => index.Train(TestVectors.Normal(9, 8, 1), cancellationToken: Cancellation));
        Assert.Contains("9 training vectors are too few for IVF10,Flat, which needs at least 10, better 390", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("390 would be enough", Assert.Single(index.Train(TestVectors.Normal(389, 8, 1), cancellationToken: Cancellation).Warnings), StringComparison.Ordinal);
        Assert.Empty(index.Train(TestVectors.Normal(390, 8, 1), cancellationToken: Cancellation).Warnings);
    }

    [Theory]
    [InlineData("Lists", 0, 1)]
    [InlineData("Lists", 16_777_217, 1)]
    [InlineData("Probes", 10, 0)]
    [InlineData("Probes", 10, 11)]
    public void Numbers_out_of_range_are_refused(string parameter, int lists, int probes)
    {
        var options = new IvfFlatOptions { Lists = lists, Probes = probes };
        Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => options.Validate()).ParamName);
        Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => new IvfFlatIndex(8, options)).ParamName);
        Assert.Equal(3, new IvfFlatOptions { Lists = 3 }.Probes);
    }

    private static IvfFlatIndex Trained(Matrix sample, IvfFlatOptions options, Metric metric)
    {
        var index = new IvfFlatIndex(sample.Dimension, options, metric);
        index.Train(sample, new BuildOptions { CoarseIterations = 5 }, cancellationToken: Cancellation);
        return index;
    }

    private static IvfFlatIndex Filled(Matrix vectors, IvfFlatOptions options, Metric metric = Metric.L2)
    {
        IvfFlatIndex index = Trained(vectors, options, metric);
        index.Add(vectors, cancellationToken: Cancellation);
        return index;
    }

    private static Matrix Make(string data, int dimension) => data switch
    {
        "normal" => TestVectors.Normal(600, dimension, 1),
        "clusters" => TestVectors.Planted(12, 50, dimension, 0.02f, 2),
        "far from zero" => TestVectors.Normal(600, dimension, 3).Change((value, _) => value + 1000),
        "whole numbers" => new Matrix(TestVectors.Integers(600 * dimension, 4), dimension),
        "copies" => TestVectors.Normal(60, dimension, 5).Select([.. Enumerable.Range(0, 600).Select(i => i * 7 % 60)]),
        _ => new Matrix(Enumerable.Repeat(1.5f, 600 * dimension).ToArray(), dimension),
    };
}

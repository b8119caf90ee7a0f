using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class TreeIndexTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Metric, string> Cases() => TreeMaterial.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_batch_answers_as_single_queries_do_to_the_bit(Metric metric, string data)
    {
        Matrix vectors = TreeMaterial.Make(data, 16);
        using TreeIndex index = TreeMaterial.Filled(vectors, new TreeOptions { Levels = 2, Branching = 6 }, metric);
        foreach (int beam in (int[])[1, 2, 7])
        {
            var options = new SearchOptions { Beam = beam };
            foreach (int batch in (int[])[1, 5, 200])
                Assert.Equal(index.OneByOne(vectors.Slice(50, batch), 10, options), index.Together(vectors.Slice(50, batch), 10, options with { Threads = 1 + batch % 2 }));
        }
    }

    [Theory]
    [InlineData(Metric.L2, 0.94)]
    [InlineData(Metric.InnerProduct, 0.89)]
    [InlineData(Metric.Cosine, 0.94)]
    public void Recall_at_a_quarter_of_the_leaves_stays_above_its_floor(Metric metric, double floor)
    {
        Matrix vectors = TestVectors.LowRank(4000, 32, 10, 0.3f, 5), queries = TestVectors.LowRank(80, 32, 10, 0.3f, 5);
        using TreeIndex index = TreeMaterial.Filled(vectors, new TreeOptions { Levels = 2, Branching = 8, Beam = 16 }, metric);
        Neighbor[][] truth = [.. Enumerable.Range(0, queries.Rows).Select(i => ExactNeighbors.Of(metric, vectors, queries[i], 10))];

        Assert.InRange(ExactNeighbors.Recall(truth, index.Together(queries, 10)), floor, 1);
        double[] recalls = [.. ((int[])[1, 4, 16, 64]).Select(beam => ExactNeighbors.Recall(truth, index.Together(queries, 10, new SearchOptions { Beam = beam })))];
        Assert.Equal(recalls.Order(), recalls);
        Assert.InRange(recalls[0], 0.1, 0.8);
        Assert.Equal(1, recalls[3]);
    }

    [Fact]
    public void Vectors_added_in_many_calls_answer_as_those_added_in_one()
    {
        Matrix vectors = TestVectors.Planted(12, 100, 12, 0.5f, 7), queries = vectors.Slice(0, 30);
        var options = new TreeOptions { Levels = 2, Branching = 5, Beam = 4 };
        Neighbor[][] expected = TreeMaterial.Filled(vectors, options).OneByOne(queries, 20);
        foreach (int piece in (int[])[1, 63, 500])
        {
            using TreeIndex index = TreeMaterial.Trained(vectors, options);
            for (int start = 0; start < vectors.Rows; start += piece)
                index.Add(vectors.Slice(start, Math.Min(piece, vectors.Rows - start)), options: new BuildOptions { Threads = 1 + piece % 2 }, cancellationToken: Cancellation);

            Assert.Equal(expected, index.OneByOne(queries, 20));
            Assert.Equal(expected, index.Together(queries, 20));
        }
    }

    [Fact]
    public void As_many_leaves_are_visited_as_hold_k_vectors()
    {
        Matrix vectors = TestVectors.Planted(12, 100, 12, 0.5f, 7);
        using TreeIndex index = TreeMaterial.Filled(vectors, new TreeOptions { Levels = 2, Branching = 8, Beam = 1 });
        foreach (int k in (int[])[1, 100, 1200])
            Assert.All(index.OneByOne(vectors.Slice(0, 20), k).Concat(index.Together(vectors.Slice(0, 20), k)), answers => Assert.True(answers[^1].Id >= 0));
    }

    [Theory]
    [InlineData(Metric.L2)]
    [InlineData(Metric.InnerProduct)]
    [InlineData(Metric.Cosine)]
    public void A_filter_leaves_k_answers_where_there_are_so_many_and_recall_as_it_was(Metric metric)
    {
        Matrix vectors = TestVectors.LowRank(4000, 32, 10, 0.3f, 5), queries = TestVectors.LowRank(40, 32, 10, 0.3f, 5);
        using TreeIndex index = TreeMaterial.Filled(vectors, new TreeOptions { Levels = 2, Branching = 8, Beam = 12 }, metric);
        using var flat = new FlatIndex(32, metric);
        flat.Add(vectors, cancellationToken: Cancellation);
        double unfiltered = ExactNeighbors.Recall(flat.OneByOne(queries, 10), index.OneByOne(queries, 10));
        foreach (int modulus in (int[])[2, 10, 100, 1000])
        {
            var options = new SearchOptions { Filter = SearchFilter.Where(id => id % modulus == 1) };
            Neighbor[][] truth = flat.OneByOne(queries, 4, options), found = index.OneByOne(queries, 4, options);
            Assert.Equal(found, index.Together(queries, 4, options));
            Assert.All(found.SelectMany(answers => answers), answer => Assert.Equal(1, answer.Id % modulus));
            Assert.InRange(ExactNeighbors.Recall(truth, found), 0.95 * unfiltered, 1);
        }
    }

    [Fact]
    public void Removals_that_empty_the_nearest_leaves_do_not_cost_answers()
    {
        Matrix vectors = TestVectors.Planted(30, 20, 8, 0.05f, 3);
        using TreeIndex index = TreeMaterial.Filled(vectors, new TreeOptions { Levels = 2, Branching = 8, Beam = 1 });
        long[] cluster = [.. Enumerable.Range(0, 600).Where(i => i % 30 is 0 or 1).Select(i => (long)i)];

        Assert.Equal(cluster.Length, index.Remove(cluster));

        foreach (Neighbor[][] found in (Neighbor[][][])[index.OneByOne(vectors.Slice(0, 2), 10), index.Together(vectors.Slice(0, 2), 10)])
            Assert.All(found.SelectMany(answers => answers), answer => Assert.True(answer.Id >= 0 && answer.Id % 30 > 1));
    }

    [Fact]
    public void Copies_that_cannot_be_divided_stay_in_one_leaf()
    {
        Matrix same = TreeMaterial.Make("all alike", 8);
        using TreeIndex index = TreeMaterial.Filled(same, new TreeOptions { Levels = 3, Branching = 10 });

        Assert.Equal(1, index.Lists);
        Assert.Equal(Enumerable.Range(0, 5), index.OneByOne(same.Slice(0, 1), 5)[0].Select(answer => (int)answer.Id));
    }

    [Fact]
    public void Too_few_training_vectors_are_refused_and_few_warn_with_the_number_that_would_be_enough()
    {
        using var index = new TreeIndex(8, new TreeOptions { Levels = 2, Branching = 4 });

        var refusal = Assert.Throws<ArgumentException>(() => index.Train(TestVectors.Normal(15, 8, 1), cancellationToken: Cancellation));
        Assert.Contains("15 training vectors are too few for a tree, which needs at least 16", refusal.Message, StringComparison.Ordinal);
        string warning = Assert.Single(index.Train(TestVectors.Normal(100, 8, 1), cancellationToken: Cancellation).Warnings);
        Assert.Contains("leaves of the 16 of Tree2x4; 128 would be enough", warning, StringComparison.Ordinal);
        Assert.InRange(index.Lists, 4, 12);
        Assert.Empty(index.Train(TestVectors.Normal(500, 8, 1), cancellationToken: Cancellation).Warnings);
        Assert.Equal(16, index.Lists);
        Assert.Equal(16 * 256, index.TrainingVectors());
    }

    [Theory]
    [InlineData("Levels", 0, 2, 1)]
    [InlineData("Levels", 25, 2, 1)]
    [InlineData("Levels", 5, 32, 1)]
    [InlineData("Branching", 2, 1, 1)]
    [InlineData("Branching", 1, 65537, 1)]
    [InlineData("Beam", 2, 8, 0)]
    public void Numbers_out_of_range_are_refused(string parameter, int levels, int branching, int beam)
    {
        var options = new TreeOptions { Levels = levels, Branching = branching, Beam = beam };
        Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => options.Validate()).ParamName);
        Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => new TreeIndex(8, options)).ParamName);
    }

    [Fact]
    public void A_tree_of_its_own_parameters_keeps_them_in_its_file()
    {
        using var folder = new Storage.TemporaryFolder();
        using TreeIndex index = TreeMaterial.Filled(TestVectors.Normal(500, 8, 1), new TreeOptions { Levels = 3, Branching = 3, Beam = 7 });
        index.Save(folder["tree.tsr"]);
        using var opened = (TreeIndex)VectorIndex.Open(folder["tree.tsr"]);
        Assert.Equal(index.Options, opened.Options);
    }
}

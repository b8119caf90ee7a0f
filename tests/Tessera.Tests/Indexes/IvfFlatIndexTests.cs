using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class IvfFlatIndexTests
{
    private const int Dimension = 20, Lists = 12;

    private static readonly Matrix Vectors = TestVectors.Planted(12, 80, Dimension, 0.8f, 1);
    private static readonly Matrix Queries = TestVectors.Planted(12, 4, Dimension, 0.8f, 2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Metric.L2)]
    [InlineData(Metric.InnerProduct)]
    [InlineData(Metric.Cosine)]
    public void Visiting_all_lists_is_exact_search(Metric metric)
    {
        using IvfFlatIndex index = Filled(metric);
        foreach (int k in (int[])[1, 7, Vectors.Rows + 5])
        {
            Neighbor[][] alone = index.OneByOne(Queries, k, new SearchOptions { Probes = Lists });
            for (int query = 0; query < Queries.Rows; query++)
            {
                Neighbor[] expected = ExactNeighbors.Of(metric, Vectors, Queries[query], k);
                Assert.Equal(expected.Select(answer => answer.Distance), alone[query].Select(answer => answer.Distance), (a, b) => a == b || Math.Abs(a - b) < 1e-3);
                Assert.Equal(expected.Select(answer => answer.Id).Order(), alone[query].Select(answer => answer.Id).Order());
            }
        }
    }

    [Theory]
    [InlineData(Metric.L2)]
    [InlineData(Metric.InnerProduct)]
    [InlineData(Metric.Cosine)]
    public void A_batch_finds_what_its_queries_find_alone(Metric metric)
    {
        using IvfFlatIndex index = Filled(metric);
        foreach (int probes in (int[])[1, 2, 5, Lists])
        {
            foreach (int threads in (int[])[1, 3])
            {
                var options = new SearchOptions { Probes = probes, Threads = threads };
                Assert.Equal(index.OneByOne(Queries, 9, options), index.Together(Queries, 9, options));
            }
        }
    }

    [Fact]
    public void Only_vectors_of_the_visited_lists_are_found()
    {
        using IvfFlatIndex index = Filled(Metric.L2);
        // A query in the middle of a planted cluster: one list holds all of the cluster, or nearly.
        Neighbor[][] one = index.OneByOne(Queries, Vectors.Rows, new SearchOptions { Probes = 1 });
        Neighbor[][] two = index.OneByOne(Queries, Vectors.Rows, new SearchOptions { Probes = 2 });
        for (int query = 0; query < Queries.Rows; query++)
        {
            long[] few = [.. one[query].Where(answer => answer.Id >= 0).Select(answer => answer.Id)];
            Assert.InRange(few.Length, 1, Vectors.Rows - 1);
            Assert.Subset(two[query].Select(answer => answer.Id).ToHashSet(), few.ToHashSet());
        }
    }

    [Fact]
    public void Pieces_that_are_added_one_after_the_other_answer_as_if_added_together()
    {
        using IvfFlatIndex whole = Filled(Metric.L2), pieces = Trained(Metric.L2);
        for (int start = 0; start < Vectors.Rows; start += 77)
            pieces.Add(Vectors.Slice(start, Math.Min(77, Vectors.Rows - start)), cancellationToken: Cancellation);

        Assert.Equal(whole.Together(Queries, 15), pieces.Together(Queries, 15));
    }

    [Fact]
    public void Lists_that_stay_empty_do_no_harm()
    {
        using IvfFlatIndex index = Trained(Metric.L2);
        Assert.Equal(0, index.Search(Queries[0], new Neighbor[3]));
        index.Add(Vectors.Slice(0, 1), [42], cancellationToken: Cancellation);

        Neighbor[][] found = index.Together(Queries, 2, new SearchOptions { Probes = Lists });

        Assert.All(found, answers => Assert.Equal((42, -1), (answers[0].Id, answers[1].Id)));
    }

    [Fact]
    public void Recall_rises_with_the_lists_visited()
    {
        Matrix vectors = TestVectors.Normal(4000, 16, 3), queries = TestVectors.Normal(100, 16, 4);
        using var index = new IvfFlatIndex(16, new IvfFlatOptions { Lists = 40 });
        index.Train(vectors, cancellationToken: Cancellation);
        index.Add(vectors, cancellationToken: Cancellation);
        double[] recalls = [.. ((int[])[1, 4, 16, 40]).Select(probes => RecallAt(index, vectors, queries, probes))];

        Assert.Equal(recalls.Order(), recalls);
        Assert.InRange(recalls[0], 0.15, 0.8);
        Assert.InRange(recalls[2], 0.9, 1);
        Assert.Equal(1, recalls[3], 1e-3);
    }

    [Fact]
    public void Too_few_training_vectors_are_refused_and_few_ones_warned_of()
    {
        using var index = new IvfFlatIndex(Dimension, new IvfFlatOptions { Lists = 50 });
        var refused = Assert.Throws<ArgumentException>(() => index.Train(Vectors.Slice(0, 49), cancellationToken: Cancellation));
        Assert.Contains("at least 50, better 1950", refused.Message, StringComparison.Ordinal);
        Assert.Contains("1950 would be enough", Assert.Single(index.Train(Vectors.Slice(0, 60), cancellationToken: Cancellation).Warnings), StringComparison.Ordinal);
    }

    private static double RecallAt(VectorIndex index, Matrix vectors, Matrix queries, int probes)
    {
        Neighbor[][] found = index.Together(queries, 10, new SearchOptions { Probes = probes });
        return Enumerable.Range(0, queries.Rows).Average(query =>
            found[query].Select(answer => answer.Id).Intersect(ExactNeighbors.Of(Metric.L2, vectors, queries[query], 10).Select(answer => answer.Id)).Count() / 10.0);
    }

    private static IvfFlatIndex Trained(Metric metric)
    {
        var index = new IvfFlatIndex(Dimension, new IvfFlatOptions { Lists = Lists, Probes = 3 }, metric);
        index.Train(Vectors, new BuildOptions { CoarseIterations = 5 }, cancellationToken: Cancellation);
        return index;
    }

    private static IvfFlatIndex Filled(Metric metric)
    {
        IvfFlatIndex index = Trained(metric);
        index.Add(Vectors, cancellationToken: Cancellation);
        return index;
    }
}

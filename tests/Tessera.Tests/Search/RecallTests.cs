using Tessera.Search;

namespace Tessera.Tests.Search;

public sealed class RecallTests
{
    [Fact]
    public void True_neighbours_count_whatever_their_order()
    {
        var truth = new GroundTruth(new long[] { 1, 2, 3, 4, 5, 6 }, 3);
        Assert.Equal(1.0, Recall.Of(Found(3, 1, 2, 6, 5, 4), 3, truth));
        Assert.Equal(3 / 6.0, Recall.Of(Found(3, 9, 2, 8, 5, 7), 3, truth));
        Assert.Equal(0.0, Recall.Of(Found(7, 8, 9, 1, 2, 3), 3, truth));
    }

    [Fact]
    public void Of_longer_rows_of_truth_only_the_first_k_count()
    {
        var truth = new GroundTruth(new long[] { 1, 2, 3, 4, 5, 6, 7, 8 }, 4);
        Assert.Equal(0.5, Recall.Of(Found(1, 3, 5, 8), 2, truth));
    }

    [Fact]
    public void Empty_places_are_neither_wanted_nor_found()
    {
        var truth = new GroundTruth(new long[] { 4, -1, -1, 7, 8, 9 }, 3);
        Assert.Equal(1.0, Recall.Of(Found(4, -1, -1, 7, 8, 9), 3, truth));
        Assert.Equal(0.75, Recall.Of(Found(-1, -1, -1, 7, 8, 9), 3, truth));
    }

    [Fact]
    public void Recall_equals_the_intersection_of_sets()
    {
        var random = new Random(42);
        const int Queries = 50, K = 17, Known = 40;
        var ids = new long[Queries * Known];
        var results = new Neighbor[Queries * K];
        long expected = 0;
        for (int query = 0; query < Queries; query++)
        {
            long[] near = [.. Enumerable.Range(0, 100).Select(i => (long)i).OrderBy(_ => random.Next()).Take(Known)];
            long[] found = [.. Enumerable.Range(0, 100).Select(i => (long)i).OrderBy(_ => random.Next()).Take(K)];
            near.CopyTo(ids, query * Known);
            for (int i = 0; i < K; i++)
                results[query * K + i] = new Neighbor(found[i], i);
            expected += near.Take(K).Intersect(found).Count();
        }

        Assert.Equal((double)expected / (Queries * K), Recall.Of(results, K, new GroundTruth(ids, Known)), 12);
    }

    [Fact]
    public void Results_that_do_not_fit_the_truth_are_refused()
    {
        var truth = new GroundTruth(new long[] { 1, 2, 3, 4 }, 2);
        Assert.Throws<ArgumentException>(() => Recall.Of(Found(1, 2, 3), 2, truth));
        Assert.Throws<ArgumentOutOfRangeException>(() => Recall.Of(Found(1, 2, 3, 4, 5, 6), 3, truth));
        Assert.Throws<ArgumentException>(() => new GroundTruth(new long[] { 1, 2, 3 }, 2));
        Assert.Throws<ArgumentException>(() => new GroundTruth(Array.Empty<long>(), 2));
    }

    private static Neighbor[] Found(params long[] ids) => [.. ids.Select(id => new Neighbor(id, 0))];
}

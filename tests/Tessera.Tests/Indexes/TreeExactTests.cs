using Tessera.Indexes;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>A search that proves its answers gives those of a flat index, to the bit, whatever the data and whatever was done to the index.</summary>
public sealed class TreeExactTests
{
    private static readonly SearchOptions Exact = new() { Exact = true, Beam = 1 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Metric, string> Cases() => TreeMaterial.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_exact_search_answers_as_a_flat_index(Metric metric, string data)
    {
        foreach (int dimension in (int[])[2, 16, 37])
        {
            Matrix vectors = TreeMaterial.Make(data, dimension);
            using var flat = new FlatIndex(dimension, metric);
            flat.Add(vectors, cancellationToken: Cancellation);
            using TreeIndex tree = TreeMaterial.Filled(vectors, new TreeOptions { Levels = 3, Branching = 4 }, metric);
            Matrix near = vectors.Slice(100, 20).Change((value, row) => row % 2 == 0 ? value : value * 1.01f);
            Matrix opposite = vectors.Slice(300, 5).Change((value, _) => -value), zero = new(new float[dimension], dimension);
            foreach (Matrix queries in (Matrix[])[near, opposite, zero])
            {
                foreach (int k in (int[])[1, 10, 700])
                {
                    Neighbor[][] expected = flat.OneByOne(queries, k);
                    Assert.Equal(expected, tree.OneByOne(queries, k, Exact));
                    Assert.Equal(expected, tree.Together(queries, k, Exact with { Threads = 2 }));
                }
            }
        }
    }

    [Theory]
    [InlineData(Metric.L2)]
    [InlineData(Metric.InnerProduct)]
    [InlineData(Metric.Cosine)]
    public void It_stays_exact_through_filters_removals_updates_compaction_and_a_file(Metric metric)
    {
        using var folder = new Storage.TemporaryFolder();
        Matrix vectors = TestVectors.Planted(20, 40, 12, 0.3f, 1), others = TestVectors.Planted(20, 40, 12, 0.3f, 9), queries = vectors.Slice(30, 15);
        using var flat = new FlatIndex(12, metric);
        using TreeIndex tree = TreeMaterial.Trained(vectors, new TreeOptions { Levels = 2, Branching = 6 }, metric);
        var random = new SeededRandom(4);
        SearchFilter few = SearchFilter.Where(id => id % 97 == 3), half = SearchFilter.Where(id => id % 2 == 0), none = SearchFilter.Tagged("nobody");
        Change(index => index.Add(vectors, cancellationToken: Cancellation));
        Check(tree);
        for (int step = 0; step < 12; step++)
        {
            long[] ids = [.. Enumerable.Range(0, 60).Select(_ => (long)random.Next(900)).Distinct()];
            Change(step % 4 == 3
                ? index => index.Compact(cancellationToken: Cancellation)
                : step % 2 == 0
                    ? index => index.Remove(ids)
                    : index => index.Update(others.Slice(step * 10, ids.Length), ids, cancellationToken: Cancellation));
            Check(tree);
        }

        tree.Save(folder["tree.tsr"]);
        using VectorIndex opened = VectorIndex.Open(folder["tree.tsr"]);
        Check(opened);

        void Change(Action<VectorIndex> change)
        {
            change(flat);
            change(tree);
        }

        void Check(VectorIndex index)
        {
            foreach (SearchFilter? filter in (SearchFilter?[])[null, few, half, none])
                Assert.Equal(flat.OneByOne(queries, 10, new SearchOptions { Filter = filter }), index.OneByOne(queries, 10, Exact with { Filter = filter }));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_search_says_it_proves_is_so(Metric metric, string data)
    {
        Matrix vectors = TreeMaterial.Make(data, 8);
        using var flat = new FlatIndex(8, metric);
        flat.Add(vectors, cancellationToken: Cancellation);
        using TreeIndex tree = TreeMaterial.Filled(vectors, new TreeOptions { Levels = 2, Branching = 5 }, metric);
        var found = new Neighbor[5];
        var expected = new Neighbor[5];
        for (int query = 0; query < 60; query++)
        {
            flat.Search(vectors[query], expected);
            foreach (int beam in (int[])[1, 3, 100])
            {
                tree.Search(vectors[query], found, out TreeVisit visit, new SearchOptions { Beam = beam });
                Assert.True(visit.Proved || beam < 100);
                if (visit.Proved)
                    Assert.Equal(expected, found);
                Assert.True(visit.Leaves >= Math.Min(beam, tree.Lists) || visit.Vectors == 600);
            }

            Assert.Equal(5, tree.Search(vectors[query], found, out TreeVisit exact, Exact));
            Assert.True(exact.Proved);
        }
    }

    [Theory]
    [InlineData(Metric.L2)]
    [InlineData(Metric.InnerProduct)]
    [InlineData(Metric.Cosine)]
    public void Clear_clusters_are_proved_without_a_look_at_most_of_them(Metric metric)
    {
        // Whole clusters are nearer than any vector of another, by all metrics: they lie on a sphere, far apart.
        Matrix vectors = Normalised(TestVectors.Planted(64, 50, 24, 0.02f, 1));
        using TreeIndex tree = TreeMaterial.Filled(vectors, new TreeOptions { Levels = 2, Branching = 8 }, metric);
        var found = new Neighbor[10];
        long seen = 0;
        for (int query = 0; query < 50; query++)
        {
            tree.Search(vectors[query], found, out TreeVisit visit, Exact);
            Assert.True(visit.Proved);
            seen += visit.Vectors;
        }

        Assert.InRange(seen / 50, 10, vectors.Rows / 4);
    }

    [Fact]
    public void A_search_that_looked_at_too_little_says_that_nothing_is_proved()
    {
        Matrix vectors = TestVectors.Normal(2000, 16, 1);
        using TreeIndex tree = TreeMaterial.Filled(vectors, new TreeOptions { Levels = 2, Branching = 8 });
        var found = new Neighbor[10];
        for (int query = 0; query < 20; query++)
        {
            tree.Search(vectors[query], found, out TreeVisit visit, new SearchOptions { Beam = 1 });
            Assert.Equal((1, false), (visit.Leaves, visit.Proved));
        }
    }

    private static Matrix Normalised(Matrix vectors)
    {
        float[] lengths = [.. Enumerable.Range(0, vectors.Rows).Select(row => MathF.Sqrt(vectors[row].ToArray().Sum(value => value * value)))];
        return vectors.Change((value, row) => value / lengths[row]);
    }
}

using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

public sealed class KMeansTests
{
    /// <summary>Short vectors (assigned by the product), long ones of few directions (by bounds), and long ones where the bounds give up.</summary>
    public static TheoryData<string, KMeansInit> Paths()
    {
        var paths = new TheoryData<string, KMeansInit>();
        foreach (string data in (string[])["short", "long", "flat"])
            foreach (KMeansInit init in Enum.GetValues<KMeansInit>())
                paths.Add(data, init);
        return paths;
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Inertia_never_rises(string data, KMeansInit init)
    {
        Matrix vectors = Vectors(data);
        KMeansResult result = KMeans.Fit(vectors, Options(init));
        double room = 1e-7 * BruteForce.Squares(vectors);

        Assert.True(result.Iterations > 3);
        Assert.All(result.History.Zip(result.History.Skip(1)), pair => Assert.True(pair.Second.Inertia <= pair.First.Inertia + room));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Inertia_is_that_of_the_nearest_centroids_before_they_moved(string data, KMeansInit init)
    {
        Matrix vectors = Vectors(data);
        double room = 1e-6 * BruteForce.Squares(vectors);
        foreach (int iterations in (int[])[1, 2, 5])
        {
            KMeansResult shorter = KMeans.Fit(vectors, Options(init) with { Iterations = iterations });
            KMeansResult longer = KMeans.Fit(vectors, Options(init) with { Iterations = iterations + 1 });

            Assert.Equal(shorter.History, longer.History.Take(iterations));
            Assert.Equal(BruteForce.Inertia(vectors, shorter.Centroids), longer.Inertia, room);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void At_the_end_every_centroid_is_the_mean_of_its_vectors(string data, KMeansInit init)
    {
        Matrix vectors = Vectors(data);

        KMeansResult result = KMeans.Fit(vectors, Options(init) with { Iterations = 200 });

        Assert.Equal(0, result.History[^1].Moved);
        int[] assignments = BruteForce.Assign(vectors, result.Centroids);
        Assert.Equal(assignments, result.Assign(vectors));
        Assert.Equal(BruteForce.Inertia(vectors, result.Centroids), result.Inertia, 1e-6 * BruteForce.Squares(vectors));
        for (int cluster = 0; cluster < result.Centroids.Rows; cluster++)
            AssertIsMean(vectors, assignments, cluster, result.Centroids[cluster]);
        double squares = assignments.CountBy(a => a).Sum(group => (double)group.Value * group.Value);
        Assert.Equal(squares * result.Centroids.Rows / ((double)vectors.Rows * vectors.Rows), result.Imbalance, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void The_same_seed_gives_the_same_bits_for_any_number_of_threads(string data, KMeansInit init)
    {
        Matrix vectors = Vectors(data);
        KMeansOptions options = Options(init) with { Redo = 2, Iterations = 8, MaxPointsPerCluster = 40 };
        KMeansResult one = KMeans.Fit(vectors, options with { Threads = 1 });

        foreach (int threads in (int[])[1, 2, 5])
        {
            KMeansResult other = KMeans.Fit(vectors, options with { Threads = threads });
            Assert.Equal(one.Centroids.Values.ToArray(), other.Centroids.Values.ToArray());
            Assert.Equal(one.History, other.History);
        }

        Assert.NotEqual(one.Centroids.Values.ToArray(), KMeans.Fit(vectors, options with { Seed = 43 }).Centroids.Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Redo_keeps_the_run_with_the_least_inertia(string data, KMeansInit init)
    {
        Matrix vectors = Vectors(data);
        var reports = new List<KMeansIteration>();

        KMeansResult best = KMeans.Fit(vectors, Options(init) with { Redo = 4, Iterations = 6 }, new ImmediateProgress<KMeansIteration>(reports.Add));

        KMeansIteration[] ends = [.. reports.GroupBy(report => report.Run).Select(run => run.Last())];
        Assert.Equal([0, 1, 2, 3], ends.Select(end => end.Run));
        Assert.Equal(ends.MinBy(end => end.Inertia), best.History[^1]);
        Assert.Equal(best.Inertia, ends.Min(end => end.Inertia));
        Assert.Equal(reports.Where(report => report.Run == best.History[0].Run), best.History);
        Assert.Equal(KMeans.Fit(vectors, Options(init) with { Iterations = 6 }).History, reports.Where(report => report.Run == 0));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("long")]
    public void Tolerance_ends_a_run_at_the_first_gain_below_it(string data)
    {
        Matrix vectors = Vectors(data);
        IReadOnlyList<KMeansIteration> whole = KMeans.Fit(vectors, Options() with { Iterations = 100 }).History;
        IReadOnlyList<KMeansIteration> ended = KMeans.Fit(vectors, Options() with { Iterations = 100, Tolerance = 0.01 }).History;

        double[] gains = [.. whole.Zip(whole.Skip(1), (before, after) => (before.Inertia - after.Inertia) / before.Inertia)];
        int first = Array.FindIndex(gains, gain => gain < 0.01);
        Assert.True(first < gains.Length - 1, "The data must go on improving for the test to mean anything.");
        Assert.Equal(whole.Take(first + 2), ended);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(150)]
    public void Planted_clusters_are_recovered(int dimension)
    {
        Matrix vectors = TestVectors.Planted(20, 60, dimension, 0.15f, 1);

        KMeansResult result = KMeans.Fit(vectors, new KMeansOptions { Clusters = 20, Redo = 10 });

        int[] planted = [.. Enumerable.Range(0, vectors.Rows).Select(i => i % 20)];
        Assert.InRange(BruteForce.AdjustedRandIndex(planted, result.Assign(vectors)), 0.95, 1);
        Assert.InRange(result.Imbalance, 1, 1.1);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(150)]
    public void One_cluster_is_the_mean(int dimension)
    {
        Matrix vectors = TestVectors.Normal(200, dimension, 1);

        KMeansResult result = KMeans.Fit(vectors, new KMeansOptions { Clusters = 1 });

        AssertIsMean(vectors, new int[200], 0, result.Centroids[0]);
        Assert.Equal(1, result.Imbalance);
    }

    [Theory]
    [InlineData(5, KMeansInit.PlusPlus)]
    [InlineData(5, KMeansInit.Random)]
    [InlineData(150, KMeansInit.PlusPlus)]
    [InlineData(150, KMeansInit.Random)]
    public void As_many_clusters_as_vectors_leave_no_inertia(int dimension, KMeansInit init)
    {
        Matrix vectors = TestVectors.Normal(64, dimension, 1);

        KMeansResult result = KMeans.Fit(vectors, new KMeansOptions { Clusters = 64, Init = init });

        Assert.Equal(0, BruteForce.Inertia(vectors, result.Centroids), 1e-9);
        Assert.Equal(64, result.Assign(vectors).Distinct().Count());
        Assert.Equal(1, result.Imbalance);
        Assert.Equal(0, result.Inertia, 1e-6 * BruteForce.Squares(vectors));
    }

    [Fact]
    public void Inertia_is_right_far_from_the_origin()
    {
        // Squared norms a million times the spread: what rounds in them must not swamp the inertia.
        Matrix vectors = new(Array.ConvertAll(TestVectors.Normals(900 * 8, 1), x => x + 1000), 8);

        KMeansResult result = KMeans.Fit(vectors, new KMeansOptions { Clusters = 5, Iterations = 1 });
        KMeansResult next = KMeans.Fit(vectors, new KMeansOptions { Clusters = 5, Iterations = 2 });

        double expected = BruteForce.Inertia(vectors, result.Centroids);
        Assert.Equal(expected, next.Inertia, 0.02 * expected);
    }

    internal static Matrix Vectors(string data) => data switch
    {
        "short" => TestVectors.Normal(2300, 12, 1),
        "long" => TestVectors.LowRank(1400, 140, 8, 0.1f, 1),
        _ => TestVectors.Normal(1100, 130, 1),
    };

    private static KMeansOptions Options(KMeansInit init = KMeansInit.PlusPlus) => new() { Clusters = 30, Init = init };

    private static void AssertIsMean(Matrix vectors, int[] assignments, int cluster, ReadOnlySpan<float> centroid)
    {
        var sum = new double[centroid.Length];
        int size = 0;
        for (int i = 0; i < vectors.Rows; i++)
        {
            if (assignments[i] != cluster)
                continue;
            size++;
            for (int d = 0; d < sum.Length; d++)
                sum[d] += vectors[i][d];
        }

        for (int d = 0; d < sum.Length; d++)
            Assert.Equal(sum[d] / size, centroid[d], 1e-6);
    }
}

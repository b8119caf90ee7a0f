using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

public sealed class BalancedKMeansTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 1)]
    [InlineData(50, 50)]
    [InlineData(50, 49)]
    [InlineData(100, 10)]
    [InlineData(101, 10)]
    [InlineData(109, 10)]
    [InlineData(997, 31)]
    public void Sizes_differ_by_one_at_most(int vectors, int clusters)
    {
        Matrix rows = TestVectors.Normal(vectors, 6, 1);

        BalancedKMeansResult result = BalancedKMeans.Fit(rows, new BalancedKMeansOptions { Clusters = clusters }, null, TestContext.Current.CancellationToken);

        Assert.Equal(TransportTests.Sizes(result.Assignments, clusters), result.Sizes);
        Assert.All(result.Sizes, size => Assert.InRange(size, vectors / clusters, (vectors + clusters - 1) / clusters));
        Assert.InRange(result.Imbalance, 1, 1 + (double)clusters * clusters / vectors / vectors);
    }

    [Fact]
    public void Inertia_never_rises_and_centroids_are_the_means_of_their_vectors()
    {
        Matrix rows = Skewed();

        BalancedKMeansResult result = BalancedKMeans.Fit(rows, new BalancedKMeansOptions { Clusters = 13 }, null, TestContext.Current.CancellationToken);

        Assert.True(result.Iterations > 3);
        Assert.All(result.History.Zip(result.History.Skip(1)), pair => Assert.True(pair.Second.Inertia <= pair.First.Inertia * (1 + 1e-6)));
        Assert.True(result.Inertia <= result.History[^1].Inertia * (1 + 1e-6));
        Assert.Equal(BruteForce.Inertia(rows, result.Centroids, [.. result.Assignments]), result.Inertia, 1e-5 * result.Inertia);
        for (int cluster = 0; cluster < 13; cluster++)
        {
            int[] members = [.. Enumerable.Range(0, rows.Rows).Where(i => result.Assignments[i] == cluster)];
            for (int d = 0; d < rows.Dimension; d++)
                Assert.Equal(members.Average(i => (double)rows[i][d]), result.Centroids[cluster][d], 1e-5);
        }
    }

    [Fact]
    public void At_the_end_no_assignment_of_those_sizes_costs_less()
    {
        Matrix rows = TestVectors.Normal(83, 4, 1);

        BalancedKMeansResult result = BalancedKMeans.Fit(rows, new BalancedKMeansOptions { Clusters = 6, Iterations = 200 }, null, TestContext.Current.CancellationToken);

        Assert.Equal(0, result.History[^1].Moved);
        int[] least = [13, 13, 13, 13, 13, 13], most = [14, 14, 14, 14, 14, 14];
        Assert.Equal(SlotAssignment.LeastCost(83, least, most, (i, j) => BruteForce.Distance(rows[i], result.Centroids[j])), result.Inertia, 1e-3);
    }

    [Fact]
    public void The_cost_is_below_that_of_filling_clusters_one_vector_after_the_other()
    {
        Matrix rows = Skewed();
        BalancedKMeansResult result = BalancedKMeans.Fit(rows, new BalancedKMeansOptions { Clusters = 13 }, null, TestContext.Current.CancellationToken);
        Matrix centroids = KMeans.Fit(rows, new KMeansOptions { Clusters = 13 }, null, TestContext.Current.CancellationToken).Centroids;

        double greedy = BruteForce.Inertia(rows, centroids, Greedy(rows, centroids));
        double even = BruteForce.Inertia(rows, centroids, BalancedAssignment.Even(centroids, rows, [], 1, TestContext.Current.CancellationToken));

        Assert.True(even < 0.99 * greedy);
        Assert.True(result.Inertia < even);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.1)]
    public void The_same_seed_gives_the_same_bits_for_any_number_of_threads(double imbalance)
    {
        Matrix rows = Skewed();
        var options = new BalancedKMeansOptions { Clusters = 13, Redo = 2, Iterations = 6, MaxImbalance = imbalance, Threads = 1 };
        BalancedKMeansResult one = BalancedKMeans.Fit(rows, options, null, TestContext.Current.CancellationToken);

        foreach (int threads in (int[])[1, 2, 5])
        {
            BalancedKMeansResult other = BalancedKMeans.Fit(rows, options with { Threads = threads }, null, TestContext.Current.CancellationToken);
            Assert.Equal(one.Centroids.Values.ToArray(), other.Centroids.Values.ToArray());
            Assert.Equal(one.Assignments, other.Assignments);
            Assert.Equal(one.History, other.History);
        }

        BalancedKMeansResult another = BalancedKMeans.Fit(rows, options with { Seed = 43 }, null, TestContext.Current.CancellationToken);
        Assert.NotEqual(one.Centroids.Values.ToArray(), another.Centroids.Values.ToArray());
    }

    [Theory]
    [InlineData(1.01)]
    [InlineData(1.05)]
    [InlineData(1.2)]
    public void A_soft_balance_keeps_its_bound_at_less_inertia_than_equal_sizes(double imbalance)
    {
        Matrix rows = Skewed();
        var options = new BalancedKMeansOptions { Clusters = 13, Redo = 3 };
        double plain = KMeans.Fit(rows, new KMeansOptions { Clusters = 13 }, null, TestContext.Current.CancellationToken).Imbalance;
        BalancedKMeansResult equal = BalancedKMeans.Fit(rows, options, null, TestContext.Current.CancellationToken);

        BalancedKMeansResult soft = BalancedKMeans.Fit(rows, options with { MaxImbalance = imbalance }, null, TestContext.Current.CancellationToken);

        Assert.True(plain > 1.3, "The data must be uneven for the test to mean anything.");
        Assert.InRange(soft.Imbalance, 1, imbalance);
        Assert.True(soft.Inertia < equal.Inertia);
        Assert.Equal(ClusterSums.Imbalance(TransportTests.Sizes(soft.Assignments, 13), rows.Rows), soft.Imbalance);
    }

    [Fact]
    public void A_bound_below_what_sizes_can_reach_makes_them_differ_by_one_at_most()
    {
        BalancedKMeansResult result = BalancedKMeans.Fit(
            TestVectors.Normal(100, 3, 1), new BalancedKMeansOptions { Clusters = 7, MaxImbalance = 1.0000001 }, null, TestContext.Current.CancellationToken);

        Assert.All(result.Sizes, size => Assert.InRange(size, 14, 15));
    }

    [Fact]
    public void A_soft_balance_without_need_is_plain_k_means()
    {
        Matrix rows = Skewed();

        BalancedKMeansResult soft = BalancedKMeans.Fit(rows, new BalancedKMeansOptions { Clusters = 13, MaxImbalance = 13 }, null, TestContext.Current.CancellationToken);
        KMeansResult plain = KMeans.Fit(rows, new KMeansOptions { Clusters = 13, MaxPointsPerCluster = 0 }, null, TestContext.Current.CancellationToken);

        Assert.Equal(plain.Imbalance, soft.Imbalance);
        Assert.Equal(plain.Inertia, soft.History[^1].Inertia, 1e-4 * plain.Inertia);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.01)]
    [InlineData(1.3)]
    public void Duplicates_are_shared_out_even_where_prices_cannot_part_them(double imbalance)
    {
        // Two places only, one of them with nine vectors in ten.
        float[] values = [.. Enumerable.Range(0, 400).Select(i => i % 10 == 0 ? 5f : 0f)];

        BalancedKMeansResult result = BalancedKMeans.Fit(
            new Matrix(values, 1), new BalancedKMeansOptions { Clusters = 8, MaxImbalance = imbalance }, null, TestContext.Current.CancellationToken);

        Assert.InRange(result.Imbalance, 1, imbalance);
        Assert.True(double.IsFinite(result.Inertia));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public void New_vectors_are_balanced_with_those_that_were_clustered(int step, int threads)
    {
        Matrix rows = Skewed(), more = TestVectors.Planted(3, 67, 5, 0.2f, 77);
        BalancedKMeansResult result = BalancedKMeans.Fit(rows, new BalancedKMeansOptions { Clusters = 13, MaxImbalance = step == 2 ? 1 : 1.2 }, null, TestContext.Current.CancellationToken);

        int[] alone = TransportTests.Sizes(result.Assign(more, [], threads, TestContext.Current.CancellationToken), 13);
        int[] joined = TransportTests.Sizes(result.Assign(more, [.. result.Sizes], threads, TestContext.Current.CancellationToken), 13);

        Assert.All(alone, size => Assert.InRange(size, 15, 16));
        double before = result.Imbalance, after = ClusterSums.Imbalance([.. joined.Zip(result.Sizes, (a, b) => a + b)], rows.Rows + more.Rows);
        Assert.True(step == 2 ? after < 1.0001 : after < before);
    }

    [Fact]
    public void Tolerance_ends_a_run_at_the_first_gain_below_it()
    {
        var options = new BalancedKMeansOptions { Clusters = 13, Iterations = 100 };
        IReadOnlyList<KMeansIteration> whole = BalancedKMeans.Fit(Skewed(), options, null, TestContext.Current.CancellationToken).History;
        IReadOnlyList<KMeansIteration> ended = BalancedKMeans.Fit(Skewed(), options with { Tolerance = 0.01 }, null, TestContext.Current.CancellationToken).History;

        double[] gains = [.. whole.Zip(whole.Skip(1), (before, after) => (before.Inertia - after.Inertia) / before.Inertia)];
        int first = Array.FindIndex(gains, gain => gain < 0.01);
        Assert.True(first < gains.Length - 1, "The data must go on improving for the test to mean anything.");
        Assert.Equal(whole.Take(first + 2), ended);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.1)]
    public void Progress_is_told_of_every_iteration_and_cancelling_ends_the_run(double imbalance)
    {
        var options = new BalancedKMeansOptions { Clusters = 13, Redo = 2, MaxImbalance = imbalance };
        var reports = new List<KMeansIteration>();
        BalancedKMeansResult result = BalancedKMeans.Fit(Skewed(), options, new ImmediateProgress<KMeansIteration>(reports.Add), TestContext.Current.CancellationToken);
        Assert.Equal(reports.Where(report => report.Run == result.History[0].Run), result.History);
        Assert.Equal([0, 1], reports.Select(report => report.Run).Distinct());

        using var cancellation = new CancellationTokenSource();
        int seen = 0;
        var cancelling = new ImmediateProgress<KMeansIteration>(_ =>
        {
            if (++seen == 2)
                cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => BalancedKMeans.Fit(Skewed(), options, cancelling, cancellation.Token));
        Assert.Equal(2, seen);
    }

    public static TheoryData<BalancedKMeansOptions, string, string> Settings() => new()
    {
        { new() { Clusters = 0 }, "Clusters", "Clusters must be at least 1." },
        { new() { Clusters = 51 }, "Clusters", "Clusters must be at most the number of vectors, 50." },
        { new() { Clusters = 5, MaxImbalance = 0.99 }, "MaxImbalance", "MaxImbalance must be 1 (equal sizes) or more." },
        { new() { Clusters = 5, MaxImbalance = double.NaN }, "MaxImbalance", "MaxImbalance must be 1 (equal sizes) or more." },
        { new() { Clusters = 5, Iterations = 0 }, "Iterations", "Iterations must be at least 1." },
        { new() { Clusters = 5, Redo = 0 }, "Redo", "Redo must be at least 1." },
        { new() { Clusters = 5, Tolerance = 1 }, "Tolerance", "Tolerance must be in [0, 1)." },
        { new() { Clusters = 5, Threads = -1 }, "Threads", "Threads must be 0 (all) or more." },
        { new() { Clusters = 5, Init = (KMeansInit)9 }, "Init", "Init must be PlusPlus or Random." },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_setting_out_of_range_is_named_with_what_would_be_right(BalancedKMeansOptions options, string name, string message)
    {
        ArgumentOutOfRangeException refusal = Assert.Throws<ArgumentOutOfRangeException>(() => BalancedKMeans.Fit(TestVectors.Normal(50, 3, 1), options));

        Assert.Equal(name, refusal.ParamName);
        Assert.StartsWith(message, refusal.Message);
    }

    /// <summary>Groups of 40 to 1,040 vectors, 13 clusters of which would be uneven.</summary>
    private static Matrix Skewed()
    {
        Matrix planted = TestVectors.Planted(13, 400, 5, 0.3f, 1);
        return planted.Select([.. Enumerable.Range(0, planted.Rows).Where(i => i / 13 < 30 * (1 + i % 13))]);
    }

    /// <summary>Each vector in turn to the nearest centroid that has room.</summary>
    private static int[] Greedy(Matrix vectors, Matrix centroids)
    {
        int room = (vectors.Rows + centroids.Rows - 1) / centroids.Rows;
        var sizes = new int[centroids.Rows];
        var assignments = new int[vectors.Rows];
        for (int i = 0; i < vectors.Rows; i++)
        {
            int row = i;
            assignments[i] = Enumerable.Range(0, centroids.Rows).Where(c => sizes[c] < room).MinBy(c => BruteForce.Distance(vectors[row], centroids[c]));
            sizes[assignments[i]]++;
        }

        return assignments;
    }
}

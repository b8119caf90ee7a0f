using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

/// <summary>What a caller gives and sees: settings, samples, progress, cancellation, refusals.</summary>
public sealed class KMeansUseTests
{
    public static TheoryData<string, object, string> Settings() => new()
    {
        { nameof(KMeansOptions.Clusters), 0, "Clusters must be at least 1." },
        { nameof(KMeansOptions.Clusters), -3, "Clusters must be at least 1." },
        { nameof(KMeansOptions.Clusters), 51, "Clusters must be at most the number of vectors, 50." },
        { nameof(KMeansOptions.Clusters), int.MaxValue, "Clusters must be at most the number of vectors, 50." },
        { nameof(KMeansOptions.Iterations), 0, "Iterations must be at least 1." },
        { nameof(KMeansOptions.Redo), 0, "Redo must be at least 1." },
        { nameof(KMeansOptions.Tolerance), -0.1, "Tolerance must be in [0, 1)." },
        { nameof(KMeansOptions.Tolerance), 1.0, "Tolerance must be in [0, 1)." },
        { nameof(KMeansOptions.Tolerance), double.NaN, "Tolerance must be in [0, 1)." },
        { nameof(KMeansOptions.MaxPointsPerCluster), -1, "MaxPointsPerCluster must be 0 (all) or more." },
        { nameof(KMeansOptions.Threads), -1, "Threads must be 0 (all) or more." },
        { nameof(KMeansOptions.Init), (KMeansInit)9, "Init must be PlusPlus or Random." },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_setting_out_of_range_is_named_with_its_value_and_what_would_be_right(string name, object value, string message)
    {
        var options = new KMeansOptions { Clusters = 5 };
        options = name switch
        {
            nameof(KMeansOptions.Clusters) => options with { Clusters = (int)value },
            nameof(KMeansOptions.Iterations) => options with { Iterations = (int)value },
            nameof(KMeansOptions.Redo) => options with { Redo = (int)value },
            nameof(KMeansOptions.Tolerance) => options with { Tolerance = (double)value },
            nameof(KMeansOptions.MaxPointsPerCluster) => options with { MaxPointsPerCluster = (int)value },
            nameof(KMeansOptions.Threads) => options with { Threads = (int)value },
            _ => options with { Init = (KMeansInit)value },
        };

        ArgumentOutOfRangeException refusal = Assert.Throws<ArgumentOutOfRangeException>(() => KMeans.Fit(TestVectors.Normal(50, 3, 1), options));

        Assert.Equal((name, value), (refusal.ParamName, refusal.ActualValue));
        Assert.StartsWith(message, refusal.Message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_number_that_is_not_finite_is_refused_with_its_place(float bad)
    {
        float[] values = TestVectors.Normals(50 * 3, 1);
        values[7 * 3 + 2] = bad;
        var vectors = new Matrix(values, 3);
        KMeansResult result = KMeans.Fit(TestVectors.Normal(50, 3, 1), new KMeansOptions { Clusters = 5 });

        string message = Assert.Throws<ArgumentException>("vectors", () => KMeans.Fit(vectors, new KMeansOptions { Clusters = 5 })).Message;

        Assert.StartsWith($"Row 7, column 2 is {bad}; every number must be finite.", message);
        Assert.Throws<ArgumentException>("vectors", () => result.Assign(vectors));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(150)]
    public void Numbers_whose_squares_overflow_are_refused_and_the_largest_below_are_clustered(int dimension)
    {
        float[] values = TestVectors.Normals(50 * dimension, 1);
        KMeansResult small = KMeans.Fit(new Matrix(values, dimension), new KMeansOptions { Clusters = 5 });

        Matrix large = new(Array.ConvertAll(values, x => 1e14f * x), dimension), overflowing = new(Array.ConvertAll(values, x => 1e20f * x), dimension);

        Assert.Equal(small.Assign(new Matrix(values, dimension)), KMeans.Fit(large, new KMeansOptions { Clusters = 5 }).Assign(large));
        string message = Assert.Throws<ArgumentException>("vectors", () => KMeans.Fit(overflowing, new KMeansOptions { Clusters = 5 })).Message;
        Assert.StartsWith("Row 0, column 0 is ", message);
        Assert.Contains("scale the vectors down", message);
        Assert.Throws<ArgumentException>("vectors", () => small.Assign(overflowing));
    }

    [Fact]
    public void No_vectors_cannot_be_clustered_but_can_be_assigned()
    {
        var none = new Matrix(default, 3);

        Assert.Throws<ArgumentOutOfRangeException>("Clusters", () => KMeans.Fit(none, new KMeansOptions { Clusters = 1 }));
        Assert.Empty(KMeans.Fit(TestVectors.Normal(9, 3, 1), new KMeansOptions { Clusters = 2 }).Assign(none));
    }

    [Fact]
    public void Vectors_of_another_dimension_are_not_assigned()
    {
        KMeansResult result = KMeans.Fit(TestVectors.Normal(50, 3, 1), new KMeansOptions { Clusters = 5 });

        ArgumentException refusal = Assert.Throws<ArgumentException>("vectors", () => result.Assign(TestVectors.Normal(50, 4, 1)));

        Assert.StartsWith("The dimension is 4, but the centroids' is 3.", refusal.Message);
    }

    [Theory]
    [InlineData(0, 3000)]
    [InlineData(1, 4)]
    [InlineData(100, 400)]
    [InlineData(749, 2996)]
    [InlineData(750, 3000)]
    [InlineData(int.MaxValue, 3000)]
    public void Training_takes_at_most_so_many_vectors_a_cluster(int most, int expected)
    {
        KMeansResult result = KMeans.Fit(TestVectors.Normal(3000, 4, 1), new KMeansOptions { Clusters = 4, MaxPointsPerCluster = most, Iterations = 2 });

        Assert.Equal(expected, result.TrainingVectors);
    }

    [Fact]
    public void The_default_sample_is_256_vectors_a_cluster_drawn_from_all_over()
    {
        // Sorted by cluster, as files often are: a sample of the first rows would see two of the eight.
        Matrix planted = TestVectors.Planted(8, 1000, 4, 0.02f, 1);
        Matrix vectors = planted.Select([.. Enumerable.Range(0, 8000).OrderBy(i => i % 8)]);

        KMeansResult result = KMeans.Fit(vectors, new KMeansOptions { Clusters = 8, Redo = 3 });

        Assert.Equal(8 * 256, result.TrainingVectors);
        Assert.InRange(BruteForce.AdjustedRandIndex([.. Enumerable.Range(0, 8000).Select(i => i / 1000)], result.Assign(vectors)), 0.99, 1);
    }

    [Fact]
    public void Progress_is_told_of_every_iteration_in_order()
    {
        var reports = new List<KMeansIteration>();

        KMeansResult result = KMeans.Fit(TestVectors.Normal(500, 4, 1), new KMeansOptions { Clusters = 10 }, new ImmediateProgress<KMeansIteration>(reports.Add));

        Assert.Equal(result.History, reports);
        Assert.Equal(Enumerable.Range(0, result.Iterations), reports.Select(report => report.Iteration));
        Assert.Equal(500, reports[0].Moved);
        Assert.Equal((result.Inertia, result.Imbalance), (reports[^1].Inertia, reports[^1].Imbalance));
    }

    [Theory]
    [InlineData("short", 1)]
    [InlineData("short", 2)]
    [InlineData("long", 1)]
    [InlineData("long", 2)]
    public void Cancelling_ends_the_run(string data, int threads)
    {
        using var cancellation = new CancellationTokenSource();
        int reports = 0;
        var progress = new ImmediateProgress<KMeansIteration>(_ =>
        {
            if (++reports == 2)
                cancellation.Cancel();
        });
        var options = new KMeansOptions { Clusters = 20, Threads = threads };

        Assert.Throws<OperationCanceledException>(() => KMeans.Fit(KMeansTests.Vectors(data), options, progress, cancellation.Token));

        Assert.Equal(2, reports);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("long")]
    public void Nothing_is_begun_once_cancelled(string data)
    {
        Matrix vectors = KMeansTests.Vectors(data);
        var cancelled = new CancellationToken(true);
        var progress = new ImmediateProgress<KMeansIteration>(_ => Assert.Fail("An iteration was made."));

        Assert.Throws<OperationCanceledException>(() => KMeans.Fit(vectors, new KMeansOptions { Clusters = 20 }, progress, cancelled));
        Assert.Throws<OperationCanceledException>(() => KMeans.Fit(vectors, new KMeansOptions { Clusters = 4 }).Assign(vectors, 1, cancelled));
    }
}

using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

public sealed class BalancedAssignmentTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(40, 1)]
    [InlineData(40, 7)]
    [InlineData(42, 7)]
    [InlineData(30, 30)]
    public void Vectors_are_shared_out_evenly_at_the_least_cost(int vectors, int clusters)
    {
        Matrix rows = TestVectors.Normal(vectors, 3, 1), centroids = TestVectors.Normal(clusters, 3, 2);

        int[] assignments = BalancedAssignment.Even(centroids, rows, [], 1, TestContext.Current.CancellationToken);

        int low = vectors / clusters, high = (vectors + clusters - 1) / clusters;
        Assert.All(TransportTests.Sizes(assignments, clusters), size => Assert.InRange(size, low, high));
        double least = SlotAssignment.LeastCost(vectors, Filled(clusters, low), Filled(clusters, high), (i, j) => BruteForce.Distance(rows[i], centroids[j]));
        Assert.Equal(least, BruteForce.Inertia(rows, centroids, assignments), 1e-4);
    }

    [Fact]
    public void Sizes_so_far_are_levelled_as_far_as_the_new_vectors_go()
    {
        var random = new SeededRandom(1, 1);
        for (int trial = 0; trial < 100; trial++)
        {
            int clusters = 1 + random.Next(9), vectors = random.Next(60);
            int[] sizes = [.. Enumerable.Range(0, clusters).Select(_ => random.Next(15))];
            Matrix rows = TestVectors.Normal(vectors, 2, (ulong)trial), centroids = TestVectors.Normal(clusters, 2, 99);

            int[] assignments = BalancedAssignment.Even(centroids, rows, sizes, 1, TestContext.Current.CancellationToken);

            // The most even sizes, by pouring one vector after the other into the smallest cluster.
            int[] poured = [.. sizes], actual = [.. sizes];
            foreach (int cluster in assignments)
            {
                poured[Array.IndexOf(poured, poured.Min())]++;
                actual[cluster]++;
            }

            Assert.Equal(poured.Order(), actual.Order());
        }
    }

    [Fact]
    public void Blocks_with_the_sizes_so_far_end_as_even_as_all_at_once()
    {
        Matrix rows = TestVectors.Planted(5, 103, 4, 0.1f, 1), centroids = TestVectors.Normal(9, 4, 3);
        var sizes = new int[9];

        for (int start = 0; start < rows.Rows; start += 60)
        {
            Matrix block = rows.Slice(start, Math.Min(60, rows.Rows - start));
            foreach (int cluster in BalancedAssignment.Even(centroids, block, sizes, 1, TestContext.Current.CancellationToken))
                sizes[cluster]++;
        }

        Assert.All(sizes, size => Assert.InRange(size, 57, 58));
    }

    [Fact]
    public void Capacities_are_kept_at_the_least_cost_and_change_nothing_where_there_is_room()
    {
        Matrix rows = TestVectors.Normal(45, 3, 1), centroids = TestVectors.Normal(5, 3, 2);
        int[] capacities = [3, 20, 0, 7, 18];

        int[] assignments = BalancedAssignment.Within(centroids, rows, capacities, 1, TestContext.Current.CancellationToken);

        Assert.All(TransportTests.Sizes(assignments, 5), (size, cluster) => Assert.InRange(size, 0, capacities[cluster]));
        double least = SlotAssignment.LeastCost(45, new int[5], capacities, (i, j) => BruteForce.Distance(rows[i], centroids[j]));
        Assert.Equal(least, BruteForce.Inertia(rows, centroids, assignments), 1e-4);
        Assert.Equal(
            BruteForce.Assign(rows, centroids),
            BalancedAssignment.Within(centroids, rows, Filled(5, int.MaxValue), 1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_same_bits_come_of_any_number_of_threads()
    {
        Matrix rows = TestVectors.Planted(7, 400, 5, 0.3f, 1), centroids = TestVectors.Normal(30, 5, 3);

        int[] one = BalancedAssignment.Even(centroids, rows, [], 1, TestContext.Current.CancellationToken);

        foreach (int threads in (int[])[2, 5])
            Assert.Equal(one, BalancedAssignment.Even(centroids, rows, [], threads, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Vectors_that_are_all_the_same_are_shared_out()
    {
        Matrix rows = new(new float[500 * 3], 3), centroids = TestVectors.Normal(7, 3, 1);

        int[] assignments = BalancedAssignment.Even(centroids, rows, [], 1, TestContext.Current.CancellationToken);

        Assert.All(TransportTests.Sizes(assignments, 7), size => Assert.InRange(size, 71, 72));
    }

    [Fact]
    public void What_is_out_of_range_is_named_with_what_would_be_right()
    {
        Matrix rows = TestVectors.Normal(10, 3, 1), centroids = TestVectors.Normal(4, 3, 2);

        AssertRefused("centroids", "There are no centroids; at least 1 is needed.", () => BalancedAssignment.Even(new Matrix(default, 3), rows));
        AssertRefused("vectors", "The dimension is 2, but the centroids' is 3.", () => BalancedAssignment.Even(centroids, TestVectors.Normal(10, 2, 1)));
        AssertRefused("sizes", "3 sizes for 4 clusters; there must be one for each.", () => BalancedAssignment.Even(centroids, rows, [1, 2, 3]));
        AssertRefused("sizes", "Number 2 of the sizes is -1; it must be 0 or more.", () => BalancedAssignment.Even(centroids, rows, [1, 2, -1, 4]));
        AssertRefused("capacities", "0 capacities for 4 clusters; there must be one for each.", () => BalancedAssignment.Within(centroids, rows, []));
        AssertRefused("capacities", "The capacities add up to 9, but there are 10 vectors.", () => BalancedAssignment.Within(centroids, rows, [1, 2, 2, 4]));
        AssertRefused("threads", "threads must be 0 (all) or more.", () => BalancedAssignment.Even(centroids, rows, [], -1));
        AssertRefused("centroids", "Row 0, column 1 is NaN; every number must be finite.", () => BalancedAssignment.Even(new Matrix(new[] { 0, float.NaN, 0 }, 3), rows));
        AssertRefused("vectors", "Row 0, column 0 is NaN; every number must be finite.", () => BalancedAssignment.Even(centroids, new Matrix(new[] { float.NaN, 0, 0 }, 3)));
        AssertRefused("vectors", "50000 vectors and 43000 clusters make more distances than can be held at once, 2147483591: cluster a sample of at most 49941 vectors", () => BalancedAssignment.Even(new Matrix(new float[43000], 1), new Matrix(new float[50000], 1)));
        AssertRefused("centroids", "50000 clusters are too many to balance exactly; at most 46340 are possible.", () => BalancedAssignment.Even(new Matrix(new float[50000], 1), new Matrix(new float[2], 1)));
    }

    [Fact]
    public void Nothing_is_begun_once_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => BalancedAssignment.Even(TestVectors.Normal(4, 3, 2), TestVectors.Normal(10, 3, 1), [], 1, new CancellationToken(true)));

    private static void AssertRefused(string name, string message, Func<int[]> act)
    {
        ArgumentException refusal = Assert.ThrowsAny<ArgumentException>(act);
        Assert.Equal(name, refusal.ParamName);
        Assert.StartsWith(message, refusal.Message);
    }

    private static int[] Filled(int count, int value)
    {
        var filled = new int[count];
        Array.Fill(filled, value);
        return filled;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(40)]
    public void Batches_with_a_slack_stay_within_it_and_cost_no_more_than_without(int slack)
    {
        Matrix centroids = TestVectors.Normal(7, 4, 1);
        var sizes = new int[7];
        for (ulong batch = 0; batch < 5; batch++)
        {
            Matrix rows = TestVectors.Normal(101, 4, 2 + batch);
            int[] loose = BalancedAssignment.Even(centroids, rows, sizes, slack, 1, TestContext.Current.CancellationToken);
            int[] even = BalancedAssignment.Even(centroids, rows, sizes, 1, TestContext.Current.CancellationToken);

            Assert.True(BruteForce.Inertia(rows, centroids, loose) <= BruteForce.Inertia(rows, centroids, even) * (1 + 1e-6));
            foreach (int cluster in loose)
                sizes[cluster]++;
            Assert.True(sizes.Max() - sizes.Min() <= 2 * slack + 1);
        }

        Assert.Equal(505, sizes.Sum());
        Assert.Throws<ArgumentOutOfRangeException>(() => BalancedAssignment.Even(centroids, centroids, [], -1, 1, default));
    }
}

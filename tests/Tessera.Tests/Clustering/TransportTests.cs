using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

public sealed class TransportTests
{
    [Fact]
    public void The_cost_is_the_least_there_is_for_random_bounds_and_any_prices_to_start_from()
    {
        var random = new SeededRandom(1, 1);
        for (int trial = 0; trial < 300; trial++)
        {
            int clusters = 1 + random.Next(8), vectors = random.Next(40);
            (int[] least, int[] most) = Bounds(ref random, clusters, vectors);
            // Every third trial has few different costs, so that ties abound.
            float[] costs = new float[vectors * clusters];
            for (int i = 0; i < costs.Length; i++)
                costs[i] = trial % 3 == 0 ? random.Next(4) : (float)(10 * random.NextDouble());
            double[] prices = new double[clusters];
            for (int i = 0; i < clusters; i++)
                prices[i] = trial % 2 == 0 ? 0 : Math.Round(10 * random.NextDouble());
            var assignments = new int[vectors];

            new Transport(costs, clusters, 1).Solve(least, most, prices, assignments, default);

            int[] sizes = Sizes(assignments, clusters);
            Assert.All(sizes, (size, cluster) => Assert.InRange(size, least[cluster], most[cluster]));
            double expected = SlotAssignment.LeastCost(vectors, least, most, (i, j) => costs[i * clusters + j]);
            Assert.Equal(expected, Cost(costs, clusters, assignments), 1e-4);
        }
    }

    [Theory]
    [InlineData(5000, 40, 1.0)]
    [InlineData(3001, 64, 0.05)]
    public void Prices_prove_the_cost_the_least_at_sizes_beyond_an_oracle(int vectors, int clusters, double spread)
    {
        // Costs far below the distances between clusters' prices, and far above: few moves, and many.
        var random = new SeededRandom(2, 1);
        float[] costs = new float[vectors * clusters];
        for (int i = 0; i < costs.Length; i++)
            costs[i] = (float)(spread * random.NextDouble() + i % clusters * i % clusters * 0.01);
        (int[] least, int[] most) = BalancedAssignment.EvenBounds(new int[clusters], vectors);
        var prices = new double[clusters];
        var assignments = new int[vectors];

        new Transport(costs, clusters, 2).Solve(least, most, prices, assignments, default);

        Assert.All(Sizes(assignments, clusters), (size, cluster) => Assert.InRange(size, least[cluster], most[cluster]));
        double cost = Cost(costs, clusters, assignments), bound = LowerBound(costs, clusters, prices, least, most);
        Assert.InRange(cost, bound - 1e-6 * cost, bound + 1e-6 * cost);
    }

    [Fact]
    public void Prices_that_prove_an_assignment_find_it_again_when_used_to_start_from()
    {
        var random = new SeededRandom(3, 1);
        float[] costs = new float[500 * 20];
        for (int i = 0; i < costs.Length; i++)
            costs[i] = (float)(random.NextDouble() + 0.1 * (i % 20));
        (int[] least, int[] most) = BalancedAssignment.EvenBounds(new int[20], 500);
        var prices = new double[20];
        int[] first = new int[500], second = new int[500];

        new Transport(costs, 20, 1).Solve(least, most, prices, first, default);
        new Transport(costs, 20, 1).Solve(least, most, prices, second, default);

        Assert.Equal(Cost(costs, 20, first), Cost(costs, 20, second), 1e-6);
        Assert.Equal(first, second);
    }

    /// <summary>The sum of the least priced costs, less what the sizes within the bounds can pay at most: no assignment costs less, by weak duality.</summary>
    internal static double LowerBound(float[] costs, int clusters, double[] prices, int[] least, int[] most)
    {
        double sum = 0;
        int vectors = costs.Length / clusters;
        for (int i = 0; i < vectors; i++)
            sum += Enumerable.Range(0, clusters).Min(j => costs[i * clusters + j] + prices[j]);
        int left = vectors - least.Sum();
        for (int cluster = 0; cluster < clusters; cluster++)
            sum -= least[cluster] * prices[cluster];
        foreach (int cluster in Enumerable.Range(0, clusters).OrderByDescending(cluster => prices[cluster]))
        {
            int extra = Math.Min(left, most[cluster] - least[cluster]);
            sum -= extra * prices[cluster];
            left -= extra;
        }

        return sum;
    }

    internal static int[] Sizes(IReadOnlyList<int> assignments, int clusters)
    {
        var sizes = new int[clusters];
        foreach (int cluster in assignments)
            sizes[cluster]++;
        return sizes;
    }

    private static double Cost(float[] costs, int clusters, int[] assignments) =>
        assignments.Select((cluster, i) => (double)costs[i * clusters + cluster]).Sum();

    private static (int[] Least, int[] Most) Bounds(ref SeededRandom random, int clusters, int vectors)
    {
        var least = new int[clusters];
        var most = new int[clusters];
        for (int left = random.Next(vectors + 1); left > 0; left--)
            least[random.Next(clusters)]++;
        least.CopyTo(most, 0);
        for (int room = vectors - least.Sum() + random.Next(5); room > 0; room--)
            most[random.Next(clusters)]++;
        return (least, most);
    }
}

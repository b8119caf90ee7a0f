using Tessera.Colors.Transport;
using Tessera.Vectors;

namespace Tessera.Colors.Tests.Transport;

public sealed class TransportSimplexTests
{
    [Fact]
    public void It_finds_the_cost_that_shortest_paths_find()
    {
        var random = new TestRandom(1);
        var simplex = new TransportSimplex();
        for (int round = 0; round < 300; round++)
        {
            int sources = 1 + random.Next(8), sinks = 1 + random.Next(12);
            double[] supplies = Masses(random, sources, round), demands = Masses(random, sinks, round);
            var costs = new double[sources, sinks];
            for (int i = 0; i < sources; i++)
            {
                for (int j = 0; j < sinks; j++)
                    costs[i, j] = round % 2 == 0 ? random.NextDouble() * 80 : random.Next(4);
            }

            Assert.Equal(FlowOracle.Cost(supplies, demands, costs), Solve(simplex, supplies, demands, costs), 5e-6);
        }
    }

    [Fact]
    public void On_a_line_it_finds_the_area_between_the_two_sums()
    {
        var random = new TestRandom(2);
        var simplex = new TransportSimplex();
        for (int round = 0; round < 20; round++)
        {
            const int Places = 120;
            double[] supplies = Masses(random, 40, 0), demands = Masses(random, Places, 0);
            var costs = new double[40, Places];
            double expected = 0, ahead = 0;
            for (int j = 0; j < Places; j++)
            {
                for (int i = 0; i < 40; i++)
                    costs[i, j] = Math.Abs(3 * i - j);
                ahead += (j % 3 == 0 ? supplies[j / 3] : 0) - demands[j];
                expected += Math.Abs(ahead);
            }

            Assert.Equal(expected, Solve(simplex, supplies, demands, costs), 5e-5);
        }
    }

    [Fact]
    public void Equal_masses_and_equal_costs_do_not_make_it_cycle()
    {
        var simplex = new TransportSimplex();
        double[] supplies = [.. Enumerable.Repeat(1.0 / 32, 32)], demands = [.. Enumerable.Repeat(1.0 / 64, 64)];
        var costs = new double[32, 64];
        for (int i = 0; i < 32; i++)
        {
            for (int j = 0; j < 64; j++)
                costs[i, j] = i == j / 2 ? 0 : 1;
        }

        Assert.Equal(0, Solve(simplex, supplies, demands, costs), 1e-6);
        Assert.InRange(simplex.Pivots, 0, 96 * 99);
    }

    internal static double[] Masses(TestRandom random, int count, int kind)
    {
        double[] masses = [.. Enumerable.Range(0, count).Select(_ => kind % 3 == 2 ? 1 : 0.01 + random.NextDouble())];
        double sum = masses.Sum();
        return [.. masses.Select(mass => mass / sum)];
    }

    private static double Solve(TransportSimplex simplex, double[] supplies, double[] demands, double[,] costs)
    {
        simplex.Begin(supplies.Length, demands.Length);
        supplies.CopyTo(simplex.Supplies);
        demands.CopyTo(simplex.Demands);
        for (int i = 0; i < supplies.Length; i++)
        {
            for (int j = 0; j < demands.Length; j++)
                simplex.CostsOf(i)[j] = costs[i, j];
        }

        return simplex.Solve();
    }
}

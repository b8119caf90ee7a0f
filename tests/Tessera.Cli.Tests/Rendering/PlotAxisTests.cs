using Tessera.Cli.Rendering;

namespace Tessera.Cli.Tests.Rendering;

public sealed class PlotAxisTests
{
    [Fact]
    public void Linear_ticks_are_round_numbers_around_the_values()
    {
        Assert.Equal([0.5, 0.6, 0.7, 0.8, 0.9, 1.0], PlotAxis.Linear("x", [0.532, 0.81, 0.99]).Ticks.Select(tick => Math.Round(tick, 9)));
        Assert.Equal([0, 200, 400, 600, 800, 1000], PlotAxis.Linear("x", [0, 1000.0]).Ticks);
    }

    [Fact]
    public void Logarithmic_ticks_are_1_2_5_around_the_values()
    {
        Assert.Equal([2000, 5000, 10000, 20000], PlotAxis.Logarithmic("y", [4800, 17900.0]).Ticks.Select(tick => Math.Round(tick, 6)));
        Assert.Equal([1, 10, 100, 1000, 10000, 100000], PlotAxis.Logarithmic("y", [3, 30000.0]).Ticks.Select(tick => Math.Round(tick, 6)));
    }

    [Fact]
    public void Values_lie_between_the_first_and_the_last_tick_and_keep_their_order()
    {
        var random = new Random(42);
        for (int trial = 0; trial < 200; trial++)
        {
            double scale = Math.Pow(10, random.Next(-3, 7));
            double[] values = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (random.NextDouble() + 1e-3) * scale).Order()];
            foreach (var axis in (PlotAxis[])[PlotAxis.Linear("a", values), PlotAxis.Logarithmic("a", values)])
            {
                double[] places = [.. values.Select(axis.Place)];
                Assert.All(places, place => Assert.InRange(place, -1e-6, 1 + 1e-6));
                Assert.Equal(places.Order(), places);
                Assert.InRange(axis.Ticks.Count, 2, 13);
                Assert.Equal((0, 1), (axis.Place(axis.Ticks[0]), axis.Place(axis.Ticks[^1])));
            }
        }
    }

    [Fact]
    public void What_is_not_above_0_has_no_place_on_a_logarithmic_axis()
    {
        Assert.Throws<ArgumentException>(() => PlotAxis.Logarithmic("y", [0, 1.0]));
    }
}

using Tessera.Colors.Histograms;
using Tessera.Colors.Queries;
using Tessera.Colors.Spaces;
using Tessera.Colors.Transport;
using Tessera.Vectors;

namespace Tessera.Colors.Tests.Transport;

public sealed class PartialTransportTests
{
    private readonly PartialTransport _transport = new();

    [Theory]
    [InlineData("#ff8800:0.7,teal:0.3")]
    [InlineData("white")]
    [InlineData("black:0.5,gray:0.3,white:0.2")]
    [InlineData("#010203:0.05,#fefefe:0.95")]
    public void An_image_of_exactly_the_colours_costs_nothing(string spec)
    {
        ColorQuery query = ColorQuery.Parse(spec);

        Assert.Equal(0, _transport.Exact(query.Prepare(GroundCost.Default), Painted([.. query.Terms.Select(term => (term.Color, term.Weight))]).Entries), 0.01);
    }

    [Fact]
    public void A_wildcard_lets_the_rest_be_anything()
    {
        TransportQuery open = ColorQuery.Parse("red:0.3,*").Prepare(GroundCost.Default), whole = ColorQuery.Parse("red").Prepare(GroundCost.Default);
        SparseHistogram image = Painted((Lab("red"), 0.4f), (Lab("navy"), 0.6f));

        Assert.Equal(0, _transport.Exact(open, image.Entries), 0.01);
        Assert.InRange(_transport.Exact(whole, image.Entries), 20, 80);
    }

    [Fact]
    public void Half_of_what_is_asked_costs_half_of_a_missing_colour()
    {
        var cost = new GroundCost { Emphasis = 0 };
        TransportQuery query = ColorQuery.Parse("red:0.4,*").Prepare(cost);

        Assert.Equal(cost.Saturation / 2, _transport.Exact(query, Painted((Lab("red"), 0.2f), (Lab("blue"), 0.8f)).Entries), 0.5);
    }

    [Fact]
    public void The_distance_of_two_near_colours_is_about_theirs()
    {
        LabColor asked = Lab("#808080"), there = new(asked.L + 6, asked.A, asked.B);
        TransportQuery query = ColorQuery.Of([new ColorTerm(asked, 1)]).Prepare(GroundCost.Default);

        // On one axis sharing among nodes keeps distances; between nodes of several axes it can only add to them.
        Assert.InRange(_transport.Exact(query, Painted((there, 1)).Entries), 5.9, 7);
    }

    [Theory]
    [InlineData(false, 0f)]
    [InlineData(true, 0.5f)]
    public void Bounds_lie_below_and_Sinkhorn_above_what_is_exact(bool isSquared, float emphasis)
    {
        var random = new TestRandom(3);
        var cost = new GroundCost { IsSquared = isSquared, Emphasis = emphasis };
        for (int round = 0; round < 60; round++)
        {
            TransportQuery query = RandomQuery(random, round % 2 == 0).Prepare(cost);
            SparseHistogram image = Painted([.. Enumerable.Range(0, 1 + random.Next(6)).Select(_ => (RandomColor(random), 0.1f + (float)random.NextDouble()))]);

            double exact = _transport.Exact(query, image.Entries), nodes = _transport.NodeBound(query, image.Entries), colors = _transport.ColorBound(query, image.Entries);
            double approximate = _transport.Approximate(query, image.Entries, new SinkhornOptions { Iterations = 100 });

            Assert.InRange(nodes, 0, exact + 1e-4);
            Assert.InRange(colors, 0, exact + 1e-4);
            // Not exact, but of use: within a tenth of the range.
            Assert.InRange(approximate, exact - 1e-4, exact + cost.Saturation / 10);
            Assert.InRange(exact, 0, cost.Saturation + 1e-3);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_solved_images_say_rules_out_only_what_is_farther(bool isWhole)
    {
        var random = new TestRandom(6);
        TransportQuery query = RandomQuery(random, isWhole).Prepare(GroundCost.Default);
        SparseHistogram[] images = [.. Enumerable.Range(0, 40).Select(_ => Painted([.. Enumerable.Range(0, 3).Select(_ => (RandomColor(random), 1f))]))];
        double[] distances = [.. images.Select(image => _transport.Exact(query, image.Entries))];
        int ruledOut = 0;
        for (int i = 0; i < images.Length; i++)
        {
            Assert.False(_transport.Cuts.RuleOut(query, images[i].Entries, distances[i]));
            if (_transport.Cuts.RuleOut(query, images[i].Entries, 0.8 * distances[i]))
                ruledOut++;
            // A search that may stop early is right about which side it is on.
            Assert.True(_transport.Exact(query, images[i].Entries, 0.9 * distances[i]) > 0.9 * distances[i]);
            Assert.Equal(distances[i], _transport.Exact(query, images[i].Entries, distances[i] + 1e-6), 1e-6);
        }

        Assert.InRange(ruledOut, 20, 40);
    }

    [Fact]
    public void It_is_the_cost_that_shortest_paths_find_over_all_bins()
    {
        var random = new TestRandom(4);
        for (int round = 0; round < 10; round++)
        {
            TransportQuery query = RandomQuery(random, round % 2 == 0).Prepare(GroundCost.Default);
            uint[] image = Painted([.. Enumerable.Range(0, 3).Select(_ => (RandomColor(random), 1f))]).Entries.ToArray();
            int open = query.Open > 0 ? 1 : 0, nodes = query.Nodes.Length;
            double[] supplies = [.. query.Nodes.Select(node => (double)node.Mass / SparseHistogram.Whole), .. open > 0 ? [(double)query.Open / SparseHistogram.Whole] : Array.Empty<double>()];
            double[] demands = [.. image.Select(entry => (double)SparseHistogram.MassOf(entry) / SparseHistogram.Whole)];
            var costs = new double[nodes + open, image.Length];
            for (int i = 0; i < nodes; i++)
            {
                for (int j = 0; j < image.Length; j++)
                    costs[i, j] = query.CostsOf(i)[SparseHistogram.BinOf(image[j])];
            }

            double norm = query.Groups.Sum(group => (double)group.Mass / SparseHistogram.Whole * group.Factor);
            Assert.Equal(FlowOracle.Cost(supplies, demands, costs) / norm, _transport.Exact(query, image), 1e-4);
        }
    }

    [Fact]
    public void Measuring_allocates_nothing_once_warm()
    {
        TransportQuery query = ColorQuery.Parse("red:0.3,teal:0.2,*").Prepare(GroundCost.Default);
        SparseHistogram image = Painted((Lab("red"), 0.4f), (Lab("navy"), 0.5f), (Lab("white"), 0.1f));
        double Measure() => _transport.ColorBound(query, image.Entries) + _transport.NodeBound(query, image.Entries) + PartialTransport.Excess(query, image.Entries) + _transport.Exact(query, image.Entries);
        Measure();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Measure();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static LabColor Lab(string color) => ColorQuery.Parse(color).Terms[0].Color;

    internal static SparseHistogram Painted(params (LabColor Color, float Share)[] parts)
    {
        var histogram = new float[HistogramGrid.TotalBins];
        foreach (var (color, share) in parts)
            HistogramGrid.AddTo(histogram, color, share);
        return SparseHistogram.Of(histogram, 0);
    }

    private static LabColor RandomColor(TestRandom random) => LabColor.FromRgb(new RgbColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));

    private static ColorQuery RandomQuery(TestRandom random, bool isWhole)
    {
        double[] weights = TransportSimplexTests.Masses(random, 1 + random.Next(5), 0);
        return ColorQuery.Of([.. weights.Select(weight => new ColorTerm(RandomColor(random), (float)weight * (isWhole ? 1 : 0.6f)))]);
    }
}

using Tessera.Colors.Histograms;
using Tessera.Colors.Spaces;

namespace Tessera.Colors.Tests.Histograms;

public sealed class HistogramGridTests
{
    [Fact]
    public void The_grid_has_1152_nodes_numbered_by_lightness_then_a_then_b()
    {
        Assert.Equal(1152, HistogramGrid.TotalBins);
        Assert.Equal(HistogramGrid.TotalBins, HistogramGrid.Nodes.Length);
        Assert.Equal(new LabColor(0, -86, -108), HistogramGrid.Nodes[0]);
        Assert.Equal(new LabColor(0, -86, 95), HistogramGrid.Nodes[11]);
        Assert.Equal(98, HistogramGrid.Nodes[11 * 12].A, 0.001f);
        Assert.Equal(100, HistogramGrid.Nodes[7 * 144].L, 0.001f);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public void Black_and_white_lie_in_the_last_layer_alone(float lightness)
    {
        float[] histogram = new float[HistogramGrid.TotalBins];

        HistogramGrid.AddTo(histogram, new LabColor(lightness, 0, 0), 1);

        int layer = lightness == 0 ? 0 : HistogramGrid.LBins - 1;
        Assert.Equal(1, histogram.AsSpan(layer * 144, 144).ToArray().Sum(), 0.0001f);
    }

    [Fact]
    public void The_nodes_of_a_colour_have_the_colour_as_their_mean()
    {
        Span<int> bins = stackalloc int[HistogramGrid.Corners];
        Span<float> weights = stackalloc float[HistogramGrid.Corners];
        for (int i = 0; i < 1 << 24; i += 9973)
        {
            LabColor color = HistogramGrid.Clamp(LabColor.FromRgb(new RgbColor((byte)(i >> 16), (byte)(i >> 8), (byte)i)));
            HistogramGrid.Assign(color, bins, weights);

            float l = 0, a = 0, b = 0, all = 0;
            for (int corner = 0; corner < bins.Length; corner++)
            {
                LabColor node = HistogramGrid.Nodes[bins[corner]];
                Assert.InRange(weights[corner], 0, 1);
                (l, a, b, all) = (l + weights[corner] * node.L, a + weights[corner] * node.A, b + weights[corner] * node.B, all + weights[corner]);
            }

            Assert.Equal(1, all, 0.0001f);
            Assert.True(new LabColor(l, a, b).DistanceTo(color) < 0.001f, $"{color} became {l} {a} {b}");
        }
    }

    [Fact]
    public void Every_node_is_its_own_nearest_and_takes_all_of_its_own_colour()
    {
        for (int bin = 0; bin < HistogramGrid.TotalBins; bin++)
        {
            float[] histogram = new float[HistogramGrid.TotalBins];
            HistogramGrid.AddTo(histogram, HistogramGrid.Nodes[bin], 1);

            Assert.Equal(bin, HistogramGrid.Nearest(HistogramGrid.Nodes[bin]));
            Assert.Equal(1, histogram[bin], 0.001f);
        }
    }

    [Theory]
    [InlineData(-20, -200, 300)]
    [InlineData(140, 500, -500)]
    public void A_colour_outside_of_the_grid_is_clamped_to_it(float l, float a, float b)
    {
        var color = new LabColor(l, a, b);
        float[] histogram = new float[HistogramGrid.TotalBins];

        HistogramGrid.AddTo(histogram, color, 2);

        Assert.Equal(2, histogram[HistogramGrid.Nearest(color)], 0.001f);
        Assert.Equal(HistogramGrid.Clamp(color).L, HistogramGrid.Nodes[HistogramGrid.Nearest(color)].L, 0.001f);
    }
}

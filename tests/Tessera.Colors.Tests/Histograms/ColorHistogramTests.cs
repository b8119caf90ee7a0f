using Tessera.Colors.Histograms;
using Tessera.Colors.Images;
using Tessera.Colors.Spaces;

namespace Tessera.Colors.Tests.Histograms;

public sealed class ColorHistogramTests
{
    [Fact]
    public void The_fast_way_counts_what_the_plain_way_counts()
    {
        var random = new Random(3);
        byte[] rgb = new byte[3000 * 3];
        random.NextBytes(rgb);
        float[] plain = new float[HistogramGrid.TotalBins];
        for (int i = 0; i < rgb.Length; i += 3)
            HistogramGrid.AddTo(plain, LabColor.FromRgb(new RgbColor(rgb[i], rgb[i + 1], rgb[i + 2])), 1f / 3000);

        float[] histogram = ColorHistogram.Compute(new DecodedImage(rgb, 3000, 1, 3000, 1));

        float difference = 0;
        for (int bin = 0; bin < plain.Length; bin++)
            difference += Math.Abs(plain[bin] - histogram[bin]);
        Assert.True(difference < 0.001f, $"{difference}");
    }

    [Theory]
    [InlineData("#000000")]
    [InlineData("#ffffff")]
    [InlineData("#00ff00")]
    [InlineData("#0000ff")]
    [InlineData("#ff00ff")]
    public void Colours_at_the_edge_of_the_gamut_are_counted_where_they_are(string hex)
    {
        RgbColor color = RgbColor.ParseHex(hex);
        float[] histogram = ColorHistogram.Compute(Solid(color, 50));

        float l = 0, a = 0, b = 0;
        for (int bin = 0; bin < histogram.Length; bin++)
        {
            LabColor node = HistogramGrid.Nodes[bin];
            (l, a, b) = (l + histogram[bin] * node.L, a + histogram[bin] * node.A, b + histogram[bin] * node.B);
        }

        // The grid ends a fifth of a unit before green.
        Assert.True(LabColor.FromRgb(color).DistanceTo(new LabColor(l, a, b)) < 0.3f);
        Assert.Equal(1, histogram.Sum(), 0.0001f);
        Assert.InRange(histogram.Count(share => share > 0), 1, HistogramGrid.Corners);
    }

    [Fact]
    public void Runs_of_equal_pixels_count_as_many()
    {
        byte[] rgb = [255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 0];
        float[] histogram = ColorHistogram.Compute(new DecodedImage(rgb, 4, 1, 4, 1));

        Assert.Equal(0.25f, histogram.AsSpan(0, 144).ToArray().Sum(), 0.0001f);
    }

    [Fact]
    public void An_image_without_pixels_has_an_empty_histogram() => Assert.All(ColorHistogram.Compute(new DecodedImage(ReadOnlyMemory<byte>.Empty, 0, 0, 0, 0)), share => Assert.Equal(0, share));

    [Fact]
    public void Weights_of_colours_are_made_shares()
    {
        float[] histogram = new float[HistogramGrid.TotalBins];
        ColorHistogram.Compute([(new LabColor(0, 0, 0), 3f), (new LabColor(100, 0, 0), 1f)], histogram);

        Assert.Equal(0.75f, histogram.AsSpan(0, 144).ToArray().Sum(), 0.0001f);
        Assert.Throws<ArgumentOutOfRangeException>(() => ColorHistogram.Compute([(default, -1f)], histogram));
    }

    [Fact]
    public void The_hellinger_transform_is_the_root_and_has_length_1()
    {
        float[] vector = ColorHistogram.Compute(Solid(new RgbColor(10, 120, 200), 9));
        float[] histogram = [.. vector];

        ColorHistogram.ToHellinger(vector, vector);

        Assert.Equal(1, vector.Sum(value => value * value), 0.0001f);
        for (int bin = 0; bin < vector.Length; bin++)
            Assert.Equal(histogram[bin], vector[bin] * vector[bin], 0.00001f);
        Assert.Throws<ArgumentException>(() => ColorHistogram.ToHellinger(histogram, new float[3]));
    }

    [Fact]
    public void A_histogram_of_another_length_is_refused() => Assert.Throws<ArgumentException>(() => ColorHistogram.Compute(Solid(default, 1), new float[1151]));

    private static DecodedImage Solid(RgbColor color, int pixels) =>
        new(Enumerable.Repeat((byte[])[color.R, color.G, color.B], pixels).SelectMany(pixel => pixel).ToArray(), pixels, 1, pixels, 1);
}

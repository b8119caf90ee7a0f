using Tessera.Colors.Histograms;
using Tessera.Colors.Images;
using Tessera.Colors.Palettes;
using Tessera.Colors.Spaces;

namespace Tessera.Colors.Tests.Palettes;

public sealed class PaletteTests
{
    private static readonly (string Hex, float Share)[] Painted = [("#20304f", 0.5f), ("#ffffff", 0.25f), ("#7f8c8d", 0.12f), ("#2e8b57", 0.08f), ("#ff3b30", 0.05f)];

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void Colours_that_were_painted_come_out_with_their_shares_down_to_an_accent_of_5_percent(int noise)
    {
        IReadOnlyList<PaletteColor> palette = Palette.Extract(Paint(noise), 5);

        Assert.Equal(Painted.Length, palette.Count);
        for (int i = 0; i < Painted.Length; i++)
        {
            Assert.True(palette[i].Color.DistanceTo(LabColor.FromRgb(RgbColor.ParseHex(Painted[i].Hex))) < 3, $"{palette[i].Color.ToHex()} for {Painted[i].Hex}");
            Assert.Equal(Painted[i].Share, palette[i].Share, 0.02f);
        }

        Assert.Equal(1, palette.Sum(color => color.Share), 0.001f);
    }

    [Fact]
    public void An_accent_outlives_the_shades_of_a_large_area()
    {
        // A sky from dark to light, and a red spot of 5%.
        byte[] rgb = [.. Enumerable.Range(0, 10_000).SelectMany(i => i % 20 == 7 ? (byte[])[220, 30, 30] : [(byte)(20 + i / 80), (byte)(60 + i / 80), (byte)(130 + i / 80)])];

        IReadOnlyList<PaletteColor> palette = Palette.Extract(new DecodedImage(rgb, 100, 100, 100, 100), 3);

        Assert.Contains(palette, color => ColorClasses.Of(color.Color) == ColorClass.Red && color.Share is > 0.04f and < 0.06f);
        Assert.Equal(ColorClass.Blue, ColorClasses.Of(palette));
    }

    [Fact]
    public void The_same_image_has_the_same_palette() => Assert.Equal(Palette.Extract(Paint(9)), Palette.Extract(Paint(9)));

    [Fact]
    public void An_image_of_one_colour_has_a_palette_of_one()
    {
        PaletteColor only = Assert.Single(Palette.Extract(new DecodedImage(new byte[300], 10, 10, 10, 10)));

        Assert.Equal("#000000", only.Color.ToHex());
        Assert.Equal(1, only.Share, 0.0001f);
        Assert.Empty(Palette.Extract(new DecodedImage(ReadOnlyMemory<byte>.Empty, 0, 0, 0, 0)));
    }

    [Fact]
    public void A_histogram_gives_about_the_palette_of_its_image()
    {
        IReadOnlyList<PaletteColor> palette = Palette.Extract(ColorHistogram.Compute(Paint(0)), 5);

        foreach (var (hex, share) in Painted)
            Assert.Contains(palette, color => color.Color.DistanceTo(LabColor.FromRgb(RgbColor.ParseHex(hex))) < 6 && Math.Abs(color.Share - share) < 0.04f);
    }

    [Fact]
    public void A_histogram_of_all_bins_has_a_palette_whose_shares_add_up_to_1()
    {
        IReadOnlyList<PaletteColor> palette = Palette.Extract(Enumerable.Repeat(1f / HistogramGrid.TotalBins, HistogramGrid.TotalBins).ToArray(), 24);

        Assert.Equal(24, palette.Count);
        Assert.Equal(1, palette.Sum(color => color.Share), 0.001f);
        Assert.Throws<ArgumentException>(() => Palette.Extract(new float[7]));
    }

    [Fact]
    public void A_palette_has_1_to_24_colours()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Palette.Extract(Paint(0), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Palette.Extract(Paint(0), 25));
        Assert.Single(Palette.Extract(Paint(0), 1));
    }

    [Theory]
    [InlineData("#ff0000", ColorClass.Red)]
    [InlineData("#8b0000", ColorClass.Red)]
    [InlineData("#dc143c", ColorClass.Red)]
    [InlineData("#ff8800", ColorClass.Orange)]
    [InlineData("#ffa500", ColorClass.Orange)]
    [InlineData("#ffff00", ColorClass.Yellow)]
    [InlineData("#f1c40f", ColorClass.Yellow)]
    [InlineData("#008000", ColorClass.Green)]
    [InlineData("#808000", ColorClass.Green)]
    [InlineData("#008080", ColorClass.Teal)]
    [InlineData("#00ffff", ColorClass.Teal)]
    [InlineData("#0000ff", ColorClass.Blue)]
    [InlineData("#87ceeb", ColorClass.Blue)]
    [InlineData("#000080", ColorClass.Blue)]
    [InlineData("#800080", ColorClass.Purple)]
    [InlineData("#8a2be2", ColorClass.Purple)]
    [InlineData("#ffc0cb", ColorClass.Pink)]
    [InlineData("#ff69b4", ColorClass.Pink)]
    [InlineData("#a52a2a", ColorClass.Brown)]
    [InlineData("#8b4513", ColorClass.Brown)]
    [InlineData("#000000", ColorClass.Black)]
    [InlineData("#111111", ColorClass.Black)]
    [InlineData("#808080", ColorClass.Grey)]
    [InlineData("#ffffff", ColorClass.White)]
    [InlineData("#f5f5f5", ColorClass.White)]
    public void Colours_are_called_what_people_call_them(string hex, ColorClass expected) =>
        Assert.Equal(expected, ColorClasses.Of(LabColor.FromRgb(RgbColor.ParseHex(hex))));

    [Fact]
    public void The_dominant_class_adds_up_shades_of_a_colour()
    {
        LabColor white = LabColor.FromRgb(new RgbColor(255, 255, 255));
        PaletteColor[] palette = [new(white, 0.4f), new(LabColor.FromRgb(new RgbColor(255, 0, 0)), 0.35f), new(LabColor.FromRgb(new RgbColor(160, 0, 0)), 0.25f)];

        Assert.Equal(ColorClass.Red, ColorClasses.Of(palette));
        Assert.Throws<ArgumentException>(() => ColorClasses.Of([]));
    }

    private static DecodedImage Paint(int noise)
    {
        var random = new Random(4);
        byte[] rgb = new byte[100 * 100 * 3];
        int row = 0;
        foreach (var (hex, share) in Painted)
        {
            RgbColor color = RgbColor.ParseHex(hex);
            for (int end = row + (int)Math.Round(share * 100); row < end; row++)
            {
                for (int x = 0; x < 100; x++)
                    new byte[] { Shaken(color.R), Shaken(color.G), Shaken(color.B) }.CopyTo(rgb, (row * 100 + x) * 3);
            }
        }

        return new DecodedImage(rgb, 100, 100, 100, 100);

        byte Shaken(byte value) => (byte)Math.Clamp(value + (noise == 0 ? 0 : random.Next(-noise, noise + 1)), 0, 255);
    }
}

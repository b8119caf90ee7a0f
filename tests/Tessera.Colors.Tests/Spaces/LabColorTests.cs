using Tessera.Colors.Spaces;

namespace Tessera.Colors.Tests.Spaces;

public sealed class LabColorTests
{
    [Theory]
    [InlineData("#ffffff", 100, 0, 0)]
    [InlineData("#000000", 0, 0, 0)]
    [InlineData("#808080", 53.585, 0, 0)]
    [InlineData("#ff0000", 53.24, 80.09, 67.20)]
    [InlineData("#00ff00", 87.73, -86.18, 83.18)]
    [InlineData("#0000ff", 32.30, 79.19, -107.86)]
    [InlineData("#ffff00", 97.14, -21.55, 94.48)]
    public void Screen_colours_have_the_coordinates_of_the_standard(string hex, float l, float a, float b)
    {
        LabColor color = LabColor.FromRgb(RgbColor.ParseHex(hex));

        Assert.Equal(l, color.L, 0.02f);
        Assert.Equal(a, color.A, 0.02f);
        Assert.Equal(b, color.B, 0.02f);
    }

    [Fact]
    public void Every_screen_colour_survives_the_way_there_and_back()
    {
        for (int i = 0; i < 1 << 24; i += 997)
        {
            var color = new RgbColor((byte)(i >> 16), (byte)(i >> 8), (byte)i);
            Assert.Equal(color, LabColor.FromRgb(color).ToRgb());
        }
    }

    [Fact]
    public void A_colour_that_no_screen_shows_becomes_one_that_it_can()
    {
        Assert.Equal(new RgbColor(255, 255, 255), new LabColor(100, 0, 0).ToRgb());
        Assert.Equal("#000000", new LabColor(-5, 0, 0).ToHex());
        Assert.Equal(255, new LabColor(60, 150, 120).ToRgb().R);
    }

    [Theory]
    [InlineData("#f80", "#ff8800")]
    [InlineData("F80", "#ff8800")]
    [InlineData("#Ff8801", "#ff8801")]
    public void Hexadecimal_colours_are_read_in_their_usual_spellings(string text, string hex) => Assert.Equal(hex, RgbColor.ParseHex(text).ToHex());

    [Theory]
    [InlineData("")]
    [InlineData("#")]
    [InlineData("#ff88")]
    [InlineData("#ggg")]
    [InlineData("##fff")]
    [InlineData("# ff")]
    [InlineData("-ff")]
    public void Other_text_is_refused_as_a_colour(string text)
    {
        Assert.False(RgbColor.TryParseHex(text, out _));
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => RgbColor.ParseHex(text)).Message, StringComparison.Ordinal);
    }
}

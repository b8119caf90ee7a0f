using Tessera.Colors.Queries;
using Tessera.Colors.Spaces;

namespace Tessera.Colors.Tests.Queries;

public sealed class ColorQueryTests
{
    [Fact]
    public void Weights_are_divided_by_their_sum()
    {
        ColorQuery query = ColorQuery.Parse("#ff8800:1.4, Teal:0.6");

        Assert.Equal([0.7f, 0.3f], query.Terms.Select(term => term.Weight), (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal(["#ff8800", "#008080"], query.Terms.Select(term => term.Color.ToHex()));
        Assert.Equal(0, query.Wildcard, 1e-5);
    }

    [Theory]
    [InlineData("red:0.3,*", 0.3, 0.7)]
    [InlineData("red:30%,*", 0.3, 0.7)]
    [InlineData("*:0.5,red:0.5", 0.5, 0.5)]
    [InlineData("*:2,#f00:2", 0.5, 0.5)]
    [InlineData("red,*", 0.5, 0.5)]
    [InlineData("f00", 1, 0)]
    public void A_wildcard_takes_its_share_or_what_is_left(string text, double weight, double open)
    {
        ColorQuery query = ColorQuery.Parse(text);

        Assert.Equal(weight, Assert.Single(query.Terms).Weight, 1e-5);
        Assert.Equal(open, query.Wildcard, 1e-5);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("red,,blue", 4)]
    [InlineData("red,", 4)]
    [InlineData("#ff88:0.5", 0)]
    [InlineData("red:0.5, bleu:0.5", 9)]
    [InlineData("red:0,blue:1", 4)]
    [InlineData("red:-1", 4)]
    [InlineData("red:NaN", 4)]
    [InlineData("red:", 4)]
    [InlineData("red:0.5,blue", 8)]
    [InlineData("red:1,*", 6)]
    [InlineData("*", 0)]
    [InlineData("red:0.1,*,*", 10)]
    [InlineData("red:0.1:0.2", 4)]
    public void What_is_wrong_is_told_with_its_place(string text, int position)
    {
        var problem = Assert.Throws<ColorQueryException>(() => ColorQuery.Parse(text));

        Assert.Equal(position, problem.Position);
        Assert.Contains($"at {position + 1}:", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_name_is_answered_with_the_one_most_like_it()
    {
        Assert.Contains("did you mean coral?", Assert.Throws<ColorQueryException>(() => ColorQuery.Parse("corall")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exclusions_name_the_most_that_may_be_there()
    {
        var exclusions = ColorQuery.ParseExclusions("#000:0.2,white:10%,red");

        Assert.Equal([0.2f, 0.1f, 0f], exclusions.Select(exclusion => exclusion.MostShare));
        Assert.Equal(4, Assert.Throws<ColorQueryException>(() => ColorQuery.ParseExclusions("red:1")).Position);
        Assert.Equal(0, Assert.Throws<ColorQueryException>(() => ColorQuery.ParseExclusions("*:0.1")).Position);
    }

    [Fact]
    public void All_colours_of_CSS_have_their_names()
    {
        Assert.Equal(148, CssColors.Names.Count());
        Assert.True(CssColors.TryFind("RebeccaPurple", out RgbColor purple));
        Assert.Equal("#663399", purple.ToHex());
        Assert.Equal("tomato", CssColors.NameOf(LabColor.FromRgb(new RgbColor(255, 98, 70))));
    }

    [Theory]
    [InlineData("red:0.3,*")]
    [InlineData("#123456:0.25,#ffffff:0.75")]
    public void A_query_says_itself_in_words_that_can_be_read_again(string text)
    {
        string said = ColorQuery.Parse(text).ToString();

        Assert.Equal(said, ColorQuery.Parse(said).ToString());
    }
}

using Tessera.Music.Packs;

namespace Tessera.Music.Tests.Packs;

public sealed class StylePacksTests
{
    [Fact]
    public void Parents_and_children_are_read_from_both_formats()
    {
        using PackFolder folder = PackFolder.OfTheReference();

        StylePacks packs = StylePacks.Load(folder.Folder);

        Assert.Empty(packs.Problems);
        Assert.Equal(
            [
                ("pop", null, "pop/refs_midi/a.tokens", 0, 1f), ("pop", null, "pop/refs_midi/b.json", 0, 1f), ("pop", null, "pop/refs_midi/b.json", 1, 1f),
                ("pop", "dance_pop", "pop/dance_pop/refs_midi/c.tokens", 0, 1.5f), ("pop", "pop_rock", "pop/pop_rock/refs_midi/d.tokens", 0, 1.5f),
                ("rock", null, "rock/refs_midi/e.tokens", 0, 1f), ("rock", "punk", "rock/punk/refs_midi/f.tokens", 0, 1.5f),
            ],
            packs.Patterns.Select(pattern => (pattern.ParentGenre, pattern.ChildGenre, pattern.Source, pattern.Bar, pattern.Weight)));
        Assert.Equal(["STYLE=pop", "TEMPO=120", "CHORD=F", "NOTE_ON", "65", "VEL=75"], packs.Patterns[2].Tokens);
        Assert.Equal("STYLE=pop TEMPO=120 CHORD=C NOTE_ON 60 VEL=80 CHORD=F NOTE_ON 65 VEL=75", string.Join(' ', packs.Pieces().Single(piece => piece.Source.EndsWith("b.json", StringComparison.Ordinal)).Tokens));
    }

    [Theory]
    [InlineData("x.tokens", "BAR POS=1\nNOTE_ON 60 VEL=300", 2, "'VEL=300'")]
    [InlineData("x.tokens", "", 1, "no tokens")]
    [InlineData("x.json", "{\n\"tokenized_bars\": [[\"BAR\"],\n[\"POS=zero\"]]}", 3, "'POS=zero'")]
    [InlineData("x.json", "{\n\"tokenized_bars\": [[\"BAR\"],\n7]}", 3, "arrays only")]
    [InlineData("x.json", "{\n\"tokenized_bars\": [[\"BAR\",\n7]]}", 3, "strings only")]
    [InlineData("x.json", "{\n\"tokenized_bars\": [[\"BAR\"]", 2, "not JSON")]
    [InlineData("x.json", "{\"bars\": [[\"BAR\"]]}", 1, "no array 'tokenized_bars'")]
    [InlineData("x.json", "{\"tokenized_bars\": []}", 1, "no bars")]
    public void A_malformed_file_is_named_with_its_line_and_left_out(string name, string text, int line, string problem)
    {
        using PackFolder folder = PackFolder.OfTheReference().With($"pop/refs_midi/{name}", text);

        StylePacks packs = StylePacks.Load(folder.Folder);

        PackProblem found = Assert.Single(packs.Problems);
        Assert.Equal(($"pop/refs_midi/{name}", line), (found.File, found.Line));
        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
        Assert.Equal(7, packs.Patterns.Count);
    }

    [Fact]
    public void A_file_that_is_no_text_is_left_out()
    {
        using PackFolder folder = PackFolder.OfTheReference();
        File.WriteAllBytes(folder["pop/refs_midi/x.tokens"], [0x42, 0xFF, 0xFE]);

        Assert.Equal("it is not UTF-8 text.", Assert.Single(StylePacks.Load(folder.Folder).Problems).Problem);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        using PackFolder folder = PackFolder.OfTheReference();
        string[][] bars = [["BAR", "POS=1", "NOTE_ON", "60"], ["BAR", "POS=3", "NOTE_ON", "61"]];
        PackWriter.WriteJson(folder["pop/refs_midi/w.json"], "pop", bars);
        PackWriter.WriteTokens(folder["pop/refs_midi/w.tokens"], [.. bars.SelectMany(bar => bar)]);

        StylePacks packs = StylePacks.Load(folder.Folder);

        Assert.Equal(bars, packs.Patterns.Where(pattern => pattern.Source == "pop/refs_midi/w.json").Select(pattern => pattern.Tokens));
        Assert.Equal(bars.SelectMany(bar => bar), packs.Patterns.Single(pattern => pattern.Source == "pop/refs_midi/w.tokens").Tokens);
    }
}

using Tessera.Music.Midi;
using Tessera.Music.Packs;
using Tessera.Music.Tokens;

namespace Tessera.Music.Tests;

public sealed class StarterPacksTests
{
    [Fact]
    public void The_packs_that_come_with_the_library_are_whole()
    {
        StylePacks packs = StarterPacks.Load();

        Assert.Empty(packs.Problems);
        Assert.Equal(
            ["jazz", "jazz/waltz", "pop", "pop/dance_pop", "rock", "rock/halftime", "rock/punk"],
            packs.Patterns.Select(pattern => pattern.ChildGenre is null ? pattern.ParentGenre : $"{pattern.ParentGenre}/{pattern.ChildGenre}").Distinct().Order(StringComparer.Ordinal));
        Assert.All(packs.Pieces(), piece =>
        {
            Score score = Tokenizer.Decode(piece.Tokens);
            Assert.InRange(score.Notes.Count, 30, 200);
            // As the tokenizer itself would spell it.
            Assert.Equal(score.Notes, Tokenizer.Decode(new Tokenizer().Encode(score)).Notes);
        });
    }
}

using Tessera.Music.Evaluation;

namespace Tessera.Music.Tests.Evaluation;

public sealed class StyleClassifierTests
{
    [Fact]
    public void Styles_are_told_by_what_is_played()
    {
        var pieces = RandomPatterns.Make(800);
        StyleClassifier classifier = StyleClassifier.Train(pieces[..640].Select(pattern => (pattern.ParentGenre + pattern.ChildGenre, pattern.Tokens)));

        int right = pieces[640..].Count(pattern => classifier.Classify(pattern.Tokens) == pattern.ParentGenre + pattern.ChildGenre);

        Assert.Equal(["jazz", "jazzswing", "rock", "rockpunk"], classifier.Styles);
        Assert.InRange(right, 120, 160);
    }

    [Fact]
    public void Headers_do_not_count()
    {
        StyleClassifier classifier = StyleClassifier.Train(RandomPatterns.Make(200).Select(pattern => (pattern.ParentGenre, pattern.Tokens)));

        Assert.Null(classifier.Classify(["STYLE=rock", "TEMPO=180", "BAR"]));
        Assert.Equal(
            classifier.Classify(["STYLE=rock", "PROGRAM=DRUMS", "BAR", "POS=1", "NOTE_ON", "36", "VEL=80", "DUR=1"]),
            classifier.Classify(["STYLE=jazz", "PROGRAM=DRUMS", "BAR", "POS=1", "NOTE_ON", "36", "VEL=80", "DUR=1"]));
    }
}

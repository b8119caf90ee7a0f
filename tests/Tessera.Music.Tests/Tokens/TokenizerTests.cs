using Tessera.Music.Midi;
using Tessera.Music.Tokens;

namespace Tessera.Music.Tests.Tokens;

public sealed class TokenizerTests
{
    [Fact]
    public void The_line_of_the_reference_document_is_one_note()
    {
        Score score = Tokenizer.Decode("STYLE=pop TEMPO=120 KEY=C SECTION=VERSE BAR POS=1 CHORD=C NOTE_ON 60 VEL=80 DUR=4".Split(' '));

        Assert.Equal([new Note(0, 480, 60, 80, 0)], score.Notes);
        Assert.Equal([new TempoChange(0, 500_000)], score.Tempos);
        Assert.Equal([new KeyChange(0, 0, false)], score.Keys);
        Assert.Equal([new SectionMark(0, "VERSE")], score.Sections);
    }

    [Fact]
    public void A_score_is_spelled_in_the_words_of_the_reference_document()
    {
        var score = new Score
        {
            Notes = [new Note(0, 480, 60, 80, 0), new Note(480, 240, 64, 82, 0), new Note(960, 240, 67, 82, 0), new Note(1920, 480, 36, 100, Note.Drums)],
            Tempos = [new TempoChange(0, 500_000)],
            Keys = [new KeyChange(0, -3, true)],
        };

        IReadOnlyList<string[]> bars = new Tokenizer().EncodeBars(score, "pop", "VERSE");

        Assert.Equal(
            [
                "STYLE=pop TEMPO=120 METER=4/4 GRID=12 KEY=Cm SECTION=VERSE PROGRAM=0 BAR POS=1 CHORD=C NOTE_ON 60 VEL=80 DUR=12 POS=13 NOTE_ON 64 VEL=80 DUR=6 POS=25 NOTE_ON 67 VEL=80 DUR=6",
                "STYLE=pop TEMPO=120 METER=4/4 GRID=12 KEY=Cm SECTION=VERSE PROGRAM=DRUMS BAR POS=1 NOTE_ON 36 VEL=100 DUR=12",
            ],
            bars.Select(bar => string.Join(' ', bar)));
        Assert.Equal(
            "PROGRAM=DRUMS BAR POS=1 NOTE_ON 36 VEL=100 DUR=12",
            string.Join(' ', BarSequence.Join(bars).SkipWhile(token => token != "PROGRAM=DRUMS")));
    }

    [Fact]
    public void Random_scores_come_back_within_half_a_step()
    {
        for (int seed = 0; seed < 200; seed++)
            AssertComesBack(RandomScores.Make(seed), seed % 2 == 0 ? 12 : 24);
    }

    [Fact]
    public void A_meter_that_comes_within_a_bar_keeps_its_place()
    {
        var score = new Score
        {
            Notes = [new Note(0, 100, 40, 60, 0), new Note(1440, 100, 41, 60, 0), new Note(2880, 100, 42, 60, 0)],
            Meters = [new MeterChange(0, 4, 4), new MeterChange(1440, 3, 4)],
        };

        AssertComesBack(score, 12);
    }

    [Fact]
    public void A_tempo_that_comes_within_a_bar_keeps_its_place_and_value()
    {
        var score = new Score
        {
            Notes = [new Note(0, 100, 40, 60, 0), new Note(4000, 100, 41, 60, 0)],
            Tempos = [new TempoChange(0, 517_241), new TempoChange(720, 333_333), new TempoChange(1920, 16_777_215), new TempoChange(2160, 1)],
        };

        AssertComesBack(score, 12);
    }

    [Fact]
    public void Every_file_of_groove_comes_back_within_half_a_step()
    {
        foreach (string file in GrooveData.Files())
            AssertComesBack(MidiFile.Read(file), 12);
    }

    [Fact]
    public void A_score_of_too_many_bars_is_refused()
    {
        var score = new Score { TicksPerQuarter = 1, Notes = [new Note(1 << 28, 1, 60, 60, 0)] };

        var error = Assert.Throws<ArgumentException>(() => new Tokenizer().Encode(score));

        Assert.Contains("20000 bars", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Velocities_move_by_half_a_step_at_most_and_never_to_silence()
    {
        var score = new Score { Notes = [.. Enumerable.Range(1, 127).Select(velocity => new Note(velocity * 480, 480, 60, velocity, 0))] };

        Score back = Tokenizer.Decode(new Tokenizer().Encode(score));

        Assert.All(score.Notes.Zip(back.Notes), pair => Assert.InRange(pair.Second.Velocity, Math.Max(1, pair.First.Velocity - 2), Math.Min(125, pair.First.Velocity + 2)));
    }

    [Theory]
    [InlineData("BAR POS=1 NOTE_ON VEL=80", "Token 3, 'NOTE_ON'")]
    [InlineData("BAR POS=x", "Token 2, 'POS=x'")]
    [InlineData("BAR 60", "Token 2, '60'")]
    [InlineData("BAR CUT", "Token 2, 'CUT'")]
    public void Tokens_that_make_no_sense_are_named(string tokens, string place)
    {
        var error = Assert.Throws<FormatException>(() => Tokenizer.Decode(tokens.Split(' ')));

        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    private static void AssertComesBack(Score score, int stepsPerQuarter)
    {
        var tokenizer = new Tokenizer(new TokenizerOptions { StepsPerQuarter = stepsPerQuarter });
        Score back = Tokenizer.Decode(tokenizer.Encode(score, "any"));
        double halfStep = 0.5 / stepsPerQuarter + 1e-9;

        AssertNotes(score, back, halfStep);
        AssertNotes(score, MidiFile.Parse(MidiFile.ToBytes(MidiFileTests_WithoutOverlaps(back)), "file"), halfStep, all: false);
        Assert.Equal(Effective(score.Tempos, TempoChange.Default, t => t.MicrosecondsPerQuarter), Effective(back.Tempos, TempoChange.Default, t => t.MicrosecondsPerQuarter));
        Assert.Equal(Effective(score.Meters, (4, 4), m => (m.Numerator, m.Denominator)), Effective(back.Meters, (4, 4), m => (m.Numerator, m.Denominator)));
        Assert.All(back.Meters.Skip(1).Zip(score.Meters.Skip(score.Meters.Count - back.Meters.Count + 1)), pair =>
            Assert.Equal((double)pair.Second.Tick / score.TicksPerQuarter, (double)pair.First.Tick / back.TicksPerQuarter, halfStep));
    }

    private static Score MidiFileTests_WithoutOverlaps(Score score) => Midi.MidiFileTests.WithoutOverlaps(score);

    private static void AssertNotes(Score score, Score back, double halfStep, bool all = true)
    {
        if (all)
            Assert.Equal(score.Notes.Count, back.Notes.Count);
        ILookup<(int, int), double> starts = back.Notes.ToLookup(note => (note.Program, note.Pitch), note => (double)note.Start / back.TicksPerQuarter);
        foreach (var same in score.Notes.GroupBy(note => (note.Program, note.Pitch)))
        {
            double[] before = [.. same.Select(note => (double)note.Start / score.TicksPerQuarter).Order()], after = [.. starts[same.Key].Order()];
            if (!all && before.Length != after.Length)
                continue;
            for (int i = 0; i < before.Length; i++)
                Assert.True(Math.Abs(before[i] - after[i]) <= halfStep, $"pitch {same.Key}: {before[i]} became {after[i]}");
        }

        // Ends, where no note was too short to keep its own.
        ILookup<(int, int), double> ends = back.Notes.ToLookup(note => (note.Program, note.Pitch), note => (double)note.End / back.TicksPerQuarter);
        foreach (var same in score.Notes.GroupBy(note => (note.Program, note.Pitch)).Where(same => all && same.All(note => note.Duration > 2 * halfStep * score.TicksPerQuarter)))
        {
            foreach (var (before, after) in same.Select(note => (double)note.End / score.TicksPerQuarter).Order().Zip(ends[same.Key].Order()))
                Assert.Equal(before, after, halfStep);
        }
    }

    /// <summary>The values that hold one after the other, a repeated one once.</summary>
    private static List<TValue> Effective<T, TValue>(IReadOnlyList<T> changes, TValue first, Func<T, TValue> value)
    {
        var values = new List<TValue> { first };
        foreach (T change in changes)
        {
            if (!Equals(values[^1], value(change)))
                values.Add(value(change));
        }

        return values;
    }
}

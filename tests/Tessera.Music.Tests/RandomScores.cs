using Tessera.Music.Midi;

namespace Tessera.Music.Tests;

/// <summary>Scores with everything in them that a score can have.</summary>
internal static class RandomScores
{
    private static readonly int[] Divisions = [24, 96, 120, 384, 480, 960, 1000];

    public static Score Make(int seed)
    {
        var random = new Random(seed);
        int ticks = Divisions[random.Next(Divisions.Length)];
        int length = ticks * random.Next(8, 60);
        Note[] notes = [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => new Note(
            random.Next(length), random.Next(1, ticks * 3), random.Next(128), random.Next(1, 128), random.Next(4) == 0 ? random.Next(3) * 8 : Note.Drums))];
        return new Score
        {
            TicksPerQuarter = ticks,
            Notes = [.. notes.OrderBy(note => note.Start).ThenBy(note => note.Program).ThenBy(note => note.Pitch)],
            Tempos = [new TempoChange(0, random.Next(200_000, 1_500_000)), new TempoChange(ticks * 4, random.Next(200_000, 1_500_000))],
            Meters = [new MeterChange(0, random.Next(2, 8), 4), new MeterChange(ticks * random.Next(5, 12), random.Next(3, 13), 8)],
            Keys = [new KeyChange(0, random.Next(-7, 8), random.Next(2) == 0)],
            Sections = [new SectionMark(0, "VERSE"), new SectionMark(ticks * 3, "CHORUS")],
        };
    }
}

namespace Tessera.Music.Midi;

/// <summary>Music as a MIDI file says it: notes, and the tempos, meters, keys and section marks that hold from a tick on. All lists are in the order of time.</summary>
public sealed record Score
{
    /// <summary>Ticks in a quarter note, 1 to 32,767 (default 480).</summary>
    public int TicksPerQuarter { get; init; } = 480;

    /// <summary>The notes, by start, program and pitch.</summary>
    public IReadOnlyList<Note> Notes { get; init; } = [];

    /// <summary>Tempos; before the first, 120 beats a minute.</summary>
    public IReadOnlyList<TempoChange> Tempos { get; init; } = [];

    /// <summary>Meters; before the first, 4/4.</summary>
    public IReadOnlyList<MeterChange> Meters { get; init; } = [];

    /// <summary>Keys; there may be none.</summary>
    public IReadOnlyList<KeyChange> Keys { get; init; } = [];

    /// <summary>Section marks; there may be none.</summary>
    public IReadOnlyList<SectionMark> Sections { get; init; } = [];

    /// <summary>The tick at which the last note ends.</summary>
    public int End => Notes.Count == 0 ? 0 : Notes.Max(note => note.End);

    /// <summary>Seconds from the start to a tick, through all tempos before it.</summary>
    public double SecondsAt(double tick)
    {
        double seconds = 0, from = 0, tempo = TempoChange.Default;
        foreach (TempoChange change in Tempos)
        {
            if (change.Tick >= tick)
                break;
            seconds += (change.Tick - from) * tempo;
            (from, tempo) = (change.Tick, change.MicrosecondsPerQuarter);
        }

        return (seconds + (tick - from) * tempo) / 1e6 / TicksPerQuarter;
    }
}

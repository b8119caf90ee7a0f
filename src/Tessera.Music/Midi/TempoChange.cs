namespace Tessera.Music.Midi;

/// <summary>A tempo from a tick on.</summary>
/// <param name="Tick">Ticks from the start of the score.</param>
/// <param name="MicrosecondsPerQuarter">1 to 16,777,215; 500,000 is 120 beats a minute.</param>
public readonly record struct TempoChange(int Tick, int MicrosecondsPerQuarter)
{
    /// <summary>The tempo of a score that names none: 120 beats a minute.</summary>
    public const int Default = 500_000;
}

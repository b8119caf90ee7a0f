namespace Tessera.Music.Midi;

/// <summary>One sounding note.</summary>
/// <param name="Start">Ticks from the start of the score.</param>
/// <param name="Duration">Ticks, at least 1.</param>
/// <param name="Pitch">MIDI pitch, 0 to 127; 60 is middle C. For <see cref="Drums"/> the instrument of the kit: 36 is the bass drum.</param>
/// <param name="Velocity">1 to 127.</param>
/// <param name="Program">General MIDI program, 0 to 127, or <see cref="Drums"/>.</param>
public readonly record struct Note(int Start, int Duration, int Pitch, int Velocity, int Program)
{
    /// <summary>The program of notes on the percussion channel.</summary>
    public const int Drums = -1;

    /// <summary>The tick at which the note ends.</summary>
    public int End => Start + Duration;
}

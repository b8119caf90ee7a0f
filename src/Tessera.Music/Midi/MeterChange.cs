namespace Tessera.Music.Midi;

/// <summary>A meter from a tick on, where a bar begins.</summary>
/// <param name="Tick">Ticks from the start of the score.</param>
/// <param name="Numerator">Beats in a bar, 1 to 255.</param>
/// <param name="Denominator">The note that is one beat: 1, 2, 4, 8, 16, 32 or 64.</param>
public readonly record struct MeterChange(int Tick, int Numerator, int Denominator);

namespace Tessera.Music.Midi;

/// <summary>A key signature from a tick on.</summary>
/// <param name="Tick">Ticks from the start of the score.</param>
/// <param name="Sharps">Sharps, or flats below zero: -7 to 7.</param>
/// <param name="Minor">Whether the key is minor.</param>
public readonly record struct KeyChange(int Tick, int Sharps, bool Minor);

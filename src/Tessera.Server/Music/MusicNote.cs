namespace Tessera.Server.Music;

/// <summary>A note to play.</summary>
/// <param name="Start">Seconds from the start.</param>
/// <param name="Duration">Seconds.</param>
/// <param name="Pitch">0 to 127; on channel 9 the instrument of the kit.</param>
/// <param name="Velocity">1 to 127.</param>
/// <param name="Channel">From 0; 9 is percussion.</param>
/// <param name="Program">General MIDI program, 0 to 127.</param>
internal readonly record struct MusicNote(double Start, double Duration, int Pitch, int Velocity, int Channel, int Program);

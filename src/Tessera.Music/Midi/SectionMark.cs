namespace Tessera.Music.Midi;

/// <summary>A named place in a score, such as VERSE.</summary>
/// <param name="Tick">Ticks from the start of the score.</param>
/// <param name="Name">Its name, as in the file.</param>
public readonly record struct SectionMark(int Tick, string Name);

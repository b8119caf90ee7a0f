namespace Tessera.Cli.Music;

/// <summary>A MIDI file whose style is known.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its path within the folder.</param>
/// <param name="Style">PARENT or PARENT/CHILD.</param>
/// <param name="Section">The section that it is, or null.</param>
internal sealed record StyledFile(string Path, string Name, string Style, string? Section);

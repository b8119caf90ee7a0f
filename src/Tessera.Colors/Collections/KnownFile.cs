namespace Tessera.Colors.Collections;

/// <summary>What a catalogue knows of a file, by which indexing tells whether to look at it again.</summary>
/// <param name="Path">Its path inside the indexed folder.</param>
/// <param name="Id">The image's id; 0 for a file that is no image.</param>
/// <param name="FileSize">Bytes.</param>
/// <param name="Modified">When it was last written, UTC.</param>
/// <param name="ContentHash">SHA-256 of an image's bytes; empty for a file that is no image.</param>
/// <param name="Problem">Why it is no image; null for one.</param>
public sealed record KnownFile(string Path, long Id, long FileSize, DateTime Modified, string ContentHash, string? Problem);

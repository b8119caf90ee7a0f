namespace Tessera.Colors.Collections;

/// <summary>A file that cannot be read as an image.</summary>
/// <param name="Path">Its path inside the indexed folder.</param>
/// <param name="Problem">Why, in one line.</param>
public sealed record BrokenFile(string Path, string Problem);

namespace Tessera.Cli.Music;

/// <summary>What was generated of a style.</summary>
internal sealed record GenerationRow(string Style, int Samples, int Named, int NamedWithout, int LongestCopy, string? CopySource, int LongestCopyWithout);

namespace Tessera.Cli.Colors;

/// <summary>A file that could not be read as an image.</summary>
internal sealed record BrokenImage(string Path, string Problem);

namespace Tessera.Cli.Colors;

/// <summary>An image that was found.</summary>
internal sealed record FoundImage(long Id, string Path, double Distance, double Similarity, string Class, int Width, int Height, IReadOnlyList<Swatch> Palette, IReadOnlyList<string> Tags);

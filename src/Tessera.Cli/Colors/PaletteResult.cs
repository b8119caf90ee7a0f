namespace Tessera.Cli.Colors;

/// <summary>What <c>colors palette</c> prints.</summary>
internal sealed record PaletteResult(string Image, int Width, int Height, string Class, IReadOnlyList<Swatch> Palette, string Query);

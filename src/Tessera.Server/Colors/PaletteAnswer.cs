namespace Tessera.Server.Colors;

/// <summary>The colours of an image, the largest first.</summary>
internal sealed record PaletteAnswer(IReadOnlyList<ColorShare> Palette);

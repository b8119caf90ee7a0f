namespace Tessera.Server.Colors;

/// <summary>All that is known of an image.</summary>
internal sealed record ImageDetails(
    string Id, string Path, int Width, int Height, IReadOnlyList<ColorShare> Palette, string Folder, long Bytes, DateTime Modified, string Class, IReadOnlyList<string> Tags);

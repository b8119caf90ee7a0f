using Tessera.Colors.Collections;

namespace Tessera.Server.Colors;

/// <summary>An image that was found.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Path">Inside the indexed folder.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Palette">Its main colours, the largest first.</param>
internal sealed record ImageHit(string Id, string Path, int Width, int Height, IReadOnlyList<ColorShare> Palette)
{
    /// <summary>How far its colours are from those asked for; null where nothing was asked.</summary>
    public double? Distance { get; init; }

    public static ImageHit Of(ImageEntry image) => new(ColorEndpoints.IdOf(image), image.Path, image.Width, image.Height, ColorShare.Of(image.Palette));

    public static ImageHit Of(ColorHit hit) => Of(hit.Image) with { Distance = Math.Round(hit.Distance, 3) };
}

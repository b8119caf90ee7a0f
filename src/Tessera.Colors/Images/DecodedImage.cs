namespace Tessera.Colors.Images;

/// <summary>An image, decoded: upright, in sRGB, without transparency.</summary>
/// <param name="Rgb">Three bytes for each pixel, row after row: width * height * 3.</param>
/// <param name="Width">Pixels in a row, as decoded.</param>
/// <param name="Height">Rows, as decoded.</param>
/// <param name="OriginalWidth">Pixels in a row of the file's image, upright.</param>
/// <param name="OriginalHeight">Rows of the file's image, upright.</param>
public sealed record DecodedImage(ReadOnlyMemory<byte> Rgb, int Width, int Height, int OriginalWidth, int OriginalHeight);

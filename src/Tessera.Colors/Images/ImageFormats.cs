namespace Tessera.Colors.Images;

/// <summary>Tells formats by the first bytes of a file, whatever its name says.</summary>
public static class ImageFormats
{
    /// <summary>File name extensions of the formats that are decoded, in lower case with their dot.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".gif"];

    /// <summary>The format of an encoded image.</summary>
    /// <param name="encoded">Its bytes, of which the first 12 are looked at.</param>
    public static ImageFormat Of(ReadOnlySpan<byte> encoded)
    {
        if (encoded is [0xFF, 0xD8, 0xFF, ..])
            return ImageFormat.Jpeg;
        if (encoded is [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..])
            return ImageFormat.Png;
        if (encoded.Length >= 12 && encoded.StartsWith("RIFF"u8) && encoded[8..].StartsWith("WEBP"u8))
            return ImageFormat.WebP;
        // Little and big endian, classic and BigTIFF.
        if (encoded is [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..])
            return ImageFormat.Tiff;
        return encoded.StartsWith("GIF87a"u8) || encoded.StartsWith("GIF89a"u8) ? ImageFormat.Gif : ImageFormat.Unknown;
    }
}

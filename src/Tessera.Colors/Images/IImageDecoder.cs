namespace Tessera.Colors.Images;

/// <summary>Makes pixels of image files. May be used by several threads at once.</summary>
public interface IImageDecoder
{
    /// <summary>Longest side that histograms are made of.</summary>
    const int DefaultLongestSide = 256;

    /// <summary>Decodes a file, made smaller where it is larger than wanted (never larger).</summary>
    /// <param name="path">The file.</param>
    /// <param name="longestSide">Most pixels along the longer side.</param>
    /// <exception cref="ImageException">The file is missing, no image, broken, of a refused format, or too large.</exception>
    DecodedImage Decode(string path, int longestSide = DefaultLongestSide);

    /// <summary>Decodes an image in memory, made smaller where it is larger than wanted (never larger).</summary>
    /// <param name="encoded">The bytes of an image file.</param>
    /// <param name="longestSide">Most pixels along the longer side.</param>
    /// <exception cref="ImageException">The bytes are no image, broken, of a refused format, or too large.</exception>
    DecodedImage Decode(ReadOnlySpan<byte> encoded, int longestSide = DefaultLongestSide);
}

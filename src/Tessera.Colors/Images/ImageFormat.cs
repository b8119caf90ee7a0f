namespace Tessera.Colors.Images;

/// <summary>Formats that are decoded.</summary>
public enum ImageFormat
{
    /// <summary>None of those below.</summary>
    Unknown,

    /// <summary>JPEG.</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,

    /// <summary>WebP.</summary>
    WebP,

    /// <summary>TIFF; its first page.</summary>
    Tiff,

    /// <summary>GIF; its first frame.</summary>
    Gif,
}

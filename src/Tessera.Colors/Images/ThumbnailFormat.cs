namespace Tessera.Colors.Images;

/// <summary>Formats that thumbnails are written in.</summary>
public enum ThumbnailFormat
{
    /// <summary>JPEG.</summary>
    Jpeg,

    /// <summary>WebP, about a third smaller and slower to make.</summary>
    WebP,
}

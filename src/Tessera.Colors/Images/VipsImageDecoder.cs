using System.Globalization;

namespace Tessera.Colors.Images;

/// <summary>
/// Decodes JPEG, PNG, WebP, TIFF and GIF by libvips, reduced while it decodes, turned upright, by its ICC profile to sRGB, transparency over white.
/// Other formats are refused by their first bytes, and libvips' loaders of them are switched off in this process.
/// Each call runs on its caller's thread; several may run at once.
/// </summary>
public sealed class VipsImageDecoder : IImageDecoder
{
    private readonly ImageLimits _limits;

    /// <summary>Makes a decoder.</summary>
    /// <param name="limits">What it refuses; null for the defaults.</param>
    /// <exception cref="ImageException">libvips is not installed; the message says how to install it.</exception>
    public VipsImageDecoder(ImageLimits? limits = null)
    {
        _limits = limits ?? ImageLimits.Default;
        _limits.Validate();
        if (Vips.Unavailable is { } reason)
            throw new ImageException(reason);
    }

    /// <summary>Why no decoder can be made, in one line that says how to install libvips; null when one can.</summary>
    public static string? Unavailable => Vips.Unavailable;

    /// <inheritdoc/>
    public DecodedImage Decode(string path, int longestSide = IImageDecoder.DefaultLongestSide) => Decode(Read(path), longestSide, path);

    /// <inheritdoc/>
    public DecodedImage Decode(ReadOnlySpan<byte> encoded, int longestSide = IImageDecoder.DefaultLongestSide) => Decode(encoded, longestSide, "the image");

    /// <summary>Makes a small image file of an image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="longestSide">Most pixels along the longer side; a smaller image keeps its size.</param>
    /// <param name="format">The format to write.</param>
    /// <param name="quality">1 to 100 (default 80).</param>
    /// <exception cref="ImageException">The file is missing, no image, broken, of a refused format, or too large.</exception>
    public byte[] EncodeThumbnail(string path, int longestSide, ThumbnailFormat format = ThumbnailFormat.Jpeg, int quality = 80) =>
        Encode(Read(path), longestSide, format, quality, path);

    /// <summary>Makes a small image file of an image in memory.</summary>
    /// <param name="encoded">The bytes of an image file.</param>
    /// <param name="longestSide">Most pixels along the longer side; a smaller image keeps its size.</param>
    /// <param name="format">The format to write.</param>
    /// <param name="quality">1 to 100 (default 80).</param>
    /// <exception cref="ImageException">The bytes are no image, broken, of a refused format, or too large.</exception>
    public byte[] EncodeThumbnail(ReadOnlySpan<byte> encoded, int longestSide, ThumbnailFormat format = ThumbnailFormat.Jpeg, int quality = 80) =>
        Encode(encoded, longestSide, format, quality, "the image");

    private unsafe DecodedImage Decode(ReadOnlySpan<byte> encoded, int longestSide, string name)
    {
        nint image = Reduce(encoded, longestSide, "linear", name, out int width, out int height);
        try
        {
            byte* pixels = Vips.WriteToMemory(image, out nuint size);
            if (pixels is null)
                throw Broken(name);
            byte[] rgb = new ReadOnlySpan<byte>(pixels, checked((int)size)).ToArray();
            Vips.Free(pixels);
            return new DecodedImage(rgb, Vips.Width(image), Vips.Height(image), width, height);
        }
        finally
        {
            Vips.Unref(image);
        }
    }

    private unsafe byte[] Encode(ReadOnlySpan<byte> encoded, int longestSide, ThumbnailFormat format, int quality, string name)
    {
        if (!Enum.IsDefined(format))
            throw new ArgumentOutOfRangeException(nameof(format), format, "Thumbnails are Jpeg or WebP.");
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        nint image = Reduce(encoded, longestSide, "lanczos3", name, out _, out _);
        try
        {
            nint blob = Vips.Run(format == ThumbnailFormat.Jpeg ? "jpegsave_buffer" : "webpsave_buffer", "in", image, "buffer", ("Q", Text(quality)), ("strip", "true"));
            if (blob == 0)
                throw Broken(name);
            byte[] bytes = new ReadOnlySpan<byte>(Vips.BlobGet(blob, out nuint length), checked((int)length)).ToArray();
            Vips.BlobUnref(blob);
            return bytes;
        }
        finally
        {
            Vips.Unref(image);
        }
    }

    /// <summary>An image of three bytes for each pixel that libvips has yet to compute; the caller's to release.</summary>
    private unsafe nint Reduce(ReadOnlySpan<byte> encoded, int longestSide, string kernel, string name, out int width, out int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longestSide, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longestSide, 16_384);
        ImageFormat format = ImageFormats.Of(encoded);
        string loader = format switch
        {
            ImageFormat.Jpeg => "jpegload_buffer",
            ImageFormat.Png => "pngload_buffer",
            ImageFormat.WebP => "webpload_buffer",
            ImageFormat.Tiff => "tiffload_buffer",
            ImageFormat.Gif => "gifload_buffer",
            _ => throw new ImageException($"{name}: not a JPEG, PNG, WebP, TIFF or GIF image."),
        };
        if (encoded.Length > _limits.MaxBytes)
            throw TooManyBytes(name, encoded.Length);
        nint blob;
        fixed (byte* bytes = encoded)
            blob = Vips.BlobCopy(bytes, (nuint)encoded.Length);
        try
        {
            // Reads the header alone; pixels come when they are asked for.
            nint header = Checked(Vips.Run(loader, "buffer", blob, "out"), name);
            (width, height) = (Vips.Width(header), Vips.Height(header));
            bool turned = Vips.OrientationSwap(header) != 0, hasProfile = NeedsProfile(header);
            Vips.Unref(header);
            if ((long)width * height > _limits.MaxPixels)
                throw new ImageException($"{name}: {width} x {height} pixels are more than the {_limits.MaxPixels} that are decoded.");

            int shrink = 8;
            while (shrink > 1 && (format != ImageFormat.Jpeg || Math.Max(width, height) / shrink < longestSide))
                shrink /= 2;
            ReadOnlySpan<(string, string)> settings = [("access", "sequential"), ("fail-on", "truncated"), ("shrink", Text(shrink))];
            nint image = Checked(Vips.Run(loader, "buffer", blob, "out", shrink > 1 ? settings : settings[..^1]), name);
            if (turned)
                (width, height) = (height, width);
            return Finish(image, longestSide, kernel, hasProfile, name);
        }
        finally
        {
            Vips.BlobUnref(blob);
        }
    }

    /// <summary>From pixels as they are loaded to pixels as they are wanted. What is expensive comes after the reduction.</summary>
    private static nint Finish(nint image, int longestSide, string kernel, bool hasProfile, string name)
    {
        if (Vips.HasAlpha(image) != 0)
            image = Then(image, name, "flatten", ("background", Vips.Format(image) == Vips.FormatUchar ? "255" : "65535"));
        double scale = longestSide / (double)Math.Max(Vips.Width(image), Vips.Height(image));
        if (scale < 1)
            image = Then(image, name, "resize", ("scale", scale.ToString("R", CultureInfo.InvariantCulture)), ("kernel", kernel));
        if (hasProfile)
            image = Then(image, name, "icc_transform", ("output-profile", "srgb"), ("embedded", "true"));
        if (Vips.Interpretation(image) != Vips.InterpretationSrgb)
            image = Then(image, name, "colourspace", ("space", "srgb"));
        if (Vips.Format(image) != Vips.FormatUchar)
            image = Then(image, name, "cast", ("format", "uchar"));
        if (Vips.Bands(image) > 3)
            image = Then(image, name, "extract_band", ("band", "0"), ("n", "3"));
        if (Vips.Orientation(image) <= 1)
            return image;
        // Turning reads pixels in another order than they are loaded in.
        nint copy = Vips.CopyMemory(image);
        Vips.Unref(image);
        return Then(Checked(copy, name), name, "autorot");
    }

    /// <summary>Whether an image's colours are to be turned by a profile: it has one, and not that of sRGB, which changes nothing and takes longer than all the rest.</summary>
    private static unsafe bool NeedsProfile(nint header)
    {
        if (Vips.HasField(header, Vips.ProfileField) == 0 || Vips.GetBlob(header, Vips.ProfileField, out byte* data, out nuint length) != 0)
            return false;
        // Profiles bear their names, in ASCII or (version 4) in UTF-16.
        var profile = new ReadOnlySpan<byte>(data, (int)Math.Min(length, 1 << 16));
        return profile.IndexOf("sRGB"u8) < 0 && profile.IndexOf("s\0R\0G\0B"u8) < 0;
    }

    /// <summary>The next operation on an image, which is released.</summary>
    private static nint Then(nint image, string name, string operation, params ReadOnlySpan<(string Name, string Value)> settings)
    {
        nint next = Vips.Run(operation, "in", image, "out", settings);
        Vips.Unref(image);
        return Checked(next, name);
    }

    private static nint Checked(nint image, string name) => image != 0 ? image : throw Broken(name);

    private byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > _limits.MaxBytes)
                throw TooManyBytes(path, file.Length);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ImageException($"{path}: {e.Message}", e);
        }
    }

    private ImageException TooManyBytes(string name, long bytes) => new($"{name}: {bytes} bytes are more than the {_limits.MaxBytes} that are read.");

    private static ImageException Broken(string name) => new($"{name}: the image is broken ({Vips.TakeError()}).");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

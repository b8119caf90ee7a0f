using System.Text;
using Tessera.Colors.Images;

namespace Tessera.Colors.Tests.Images;

public sealed class VipsImageDecoderTests
{
    private static readonly byte[] Orange = [255, 136, 0];

    [Fact]
    public void A_png_is_decoded_to_its_pixels()
    {
        DecodedImage image = Decoder().Decode(PngBytes.Encode(5, 3, 3, (x, y) => [(byte)(x * 50), (byte)(y * 100), 7]));

        Assert.Equal((5, 3, 5, 3), (image.Width, image.Height, image.OriginalWidth, image.OriginalHeight));
        Assert.Equal(45, image.Rgb.Length);
        Assert.Equal([100, 200, 7], image.Rgb.Slice((2 * 5 + 2) * 3, 3).ToArray());
    }

    [Theory]
    [InlineData(1024, 512, 256, 256, 128)]
    [InlineData(300, 900, 256, 85, 256)]
    [InlineData(100, 50, 256, 100, 50)]
    [InlineData(40, 3, 10, 10, 1)]
    public void An_image_is_made_smaller_and_never_larger(int width, int height, int side, int newWidth, int newHeight)
    {
        DecodedImage image = Decoder().Decode(PngBytes.Encode(width, height, 3, (_, _) => Orange), side);

        Assert.Equal((newWidth, newHeight), (image.Width, image.Height));
        Assert.Equal((width, height), (image.OriginalWidth, image.OriginalHeight));
        Assert.Equal(newWidth * newHeight * 3, image.Rgb.Length);
        AssertNear(Orange, image, 0);
    }

    [Theory]
    [InlineData(ThumbnailFormat.Jpeg, ImageFormat.Jpeg)]
    [InlineData(ThumbnailFormat.WebP, ImageFormat.WebP)]
    public void Thumbnails_are_written_and_can_be_read(ThumbnailFormat format, ImageFormat sniffed)
    {
        VipsImageDecoder decoder = Decoder();
        byte[] thumbnail = decoder.EncodeThumbnail(PngBytes.Encode(800, 600, 3, (_, _) => Orange), 200, format, 90);

        Assert.Equal(sniffed, ImageFormats.Of(thumbnail));
        DecodedImage image = decoder.Decode(thumbnail);
        Assert.Equal((200, 150), (image.Width, image.Height));
        AssertNear(Orange, image, 4);
    }

    [Theory]
    [InlineData(2000, 1000)]
    [InlineData(1000, 1003)]
    [InlineData(513, 257)]
    public void A_jpeg_that_is_shrunk_while_it_is_decoded_has_the_size_and_colour_that_it_should(int width, int height)
    {
        VipsImageDecoder decoder = Decoder();
        byte[] jpeg = decoder.EncodeThumbnail(PngBytes.Encode(width, height, 3, (x, _) => x < width / 2 ? Orange : [0, 0, 255]), 4000, ThumbnailFormat.Jpeg, 95);

        DecodedImage image = decoder.Decode(jpeg);

        Assert.Equal((width, height), (image.OriginalWidth, image.OriginalHeight));
        Assert.Equal(256, Math.Max(image.Width, image.Height));
        Assert.Equal(width / (double)height, image.Width / (double)image.Height, 0.02);
        AssertNear(Orange, image.Rgb.Span[..3], 6);
        AssertNear([0, 0, 255], image.Rgb.Span[^3..], 6);
    }

    [Fact]
    public void A_photograph_that_says_how_it_was_held_is_turned_upright()
    {
        VipsImageDecoder decoder = Decoder();
        byte[] jpeg = decoder.EncodeThumbnail(PngBytes.Encode(80, 40, 3, (x, _) => x < 40 ? [255, 0, 0] : [0, 0, 255]), 80, ThumbnailFormat.Jpeg, 95);

        DecodedImage image = decoder.Decode(WithOrientation(jpeg, 6));

        // Turned by 90 degrees clockwise: what was on the left is at the top.
        Assert.Equal((40, 80, 40, 80), (image.Width, image.Height, image.OriginalWidth, image.OriginalHeight));
        AssertNear([255, 0, 0], image.Rgb.Span[..3], 10);
        AssertNear([0, 0, 255], image.Rgb.Span[^3..], 10);
    }

    [Theory]
    [InlineData(4, 0, 255, 255, 255)]
    [InlineData(4, 255, 255, 136, 0)]
    [InlineData(4, 127, 255, 196, 128)]
    [InlineData(2, 0, 255, 255, 255)]
    public void Transparency_shows_white_behind(int channels, byte alpha, byte r, byte g, byte b)
    {
        byte[] pixel = channels == 4 ? [.. Orange, alpha] : [0, alpha];

        DecodedImage image = Decoder().Decode(PngBytes.Encode(6, 6, channels, (_, _) => pixel));

        AssertNear([r, g, b], image, 1);
    }

    [Fact]
    public void Grey_and_16_bits_become_three_bytes()
    {
        VipsImageDecoder decoder = Decoder();
        byte[] rows = [0, 0x80, 0x00, 0xFF, 0xFF, 0, 0x00, 0x00, 0x40, 0x00];

        AssertNear([90, 90, 90], decoder.Decode(PngBytes.Encode(4, 4, 1, (_, _) => [90])), 0);
        DecodedImage deep = decoder.Decode(PngBytes.Encode(2, 2, 16, 1, rows));
        AssertNear([128, 128, 128, 255, 255, 255, 0, 0, 0, 64, 64, 64], deep.Rgb.Span, 1);
    }

    [Fact]
    public void A_profile_is_applied()
    {
        VipsImageDecoder decoder = Decoder();
        byte[] png = InDisplayP3(PngBytes.Encode(8, 8, 3, (_, _) => Orange));

        AssertNear(Orange, decoder.Decode(png), 4);
    }

    [Fact]
    public void Gif_and_tiff_are_decoded()
    {
        byte[] gif = Convert.FromHexString("47494638396101000100800000FF880000000021F90400000000002C00000000010001000002024401003B");
        byte[] tiff = Tiff(Orange);

        AssertNear(Orange, Decoder().Decode(gif), 0);
        AssertNear(Orange, Decoder().Decode(tiff), 0);
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")]
    [InlineData("%PDF-1.4")]
    [InlineData("")]
    [InlineData("P6 1 1 255 abc")]
    public void Other_formats_are_refused_by_their_first_bytes(string text)
    {
        string message = Assert.Throws<ImageException>(() => Decoder().Decode(Encoding.UTF8.GetBytes(text))).Message;

        Assert.Contains("not a JPEG", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_cut_short_is_refused_in_one_line_that_names_it()
    {
        VipsImageDecoder decoder = Decoder();
        var random = new Random(1);
        byte[] png = PngBytes.Encode(200, 200, 3, (_, _) => [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)]);
        byte[] jpeg = decoder.EncodeThumbnail(png, 200, ThumbnailFormat.Jpeg);
        foreach (byte[] whole in (byte[][])[png, jpeg])
        {
            foreach (int length in (int[])[9, whole.Length / 10, whole.Length / 2])
            {
                string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}[1].img");
                try
                {
                    File.WriteAllBytes(path, whole[..length]);
                    string message = Assert.Throws<ImageException>(() => decoder.Decode(path)).Message;
                    Assert.StartsWith(path, message, StringComparison.Ordinal);
                    Assert.DoesNotContain('\n', message);
                    File.WriteAllBytes(path, whole);
                    Assert.Equal(200, decoder.Decode(path).Width);
                }
                finally
                {
                    File.Delete(path);
                }
            }
        }
    }

    [Fact]
    public void Bytes_that_only_begin_like_an_image_never_do_more_than_throw()
    {
        VipsImageDecoder decoder = Decoder();
        var random = new Random(2);
        byte[] png = PngBytes.Encode(40, 40, 3, (x, y) => [(byte)x, (byte)y, 3]);
        foreach (byte[] start in (byte[][])[png, decoder.EncodeThumbnail(png, 40), decoder.EncodeThumbnail(png, 40, ThumbnailFormat.WebP), Tiff(Orange)])
        {
            for (int trial = 0; trial < 40; trial++)
            {
                byte[] damaged = [.. start];
                for (int i = 0; i < 1 + trial % 8; i++)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                try
                {
                    Assert.InRange(decoder.Decode(damaged).Width, 1, 256);
                }
                catch (ImageException exception)
                {
                    Assert.DoesNotContain('\n', exception.Message);
                }
            }
        }
    }

    [Fact]
    public void A_header_that_claims_more_pixels_than_the_limit_is_refused_before_they_are_unpacked()
    {
        byte[] bomb = PngBytes.Encode(60_000, 60_000, 8, 3, new byte[100_000]);

        string message = Assert.Throws<ImageException>(() => Decoder().Decode(bomb)).Message;
        Assert.Contains("60000 x 60000", message, StringComparison.Ordinal);

        var small = new VipsImageDecoder(new ImageLimits { MaxPixels = 100 });
        Assert.Throws<ImageException>(() => small.Decode(PngBytes.Encode(11, 10, 3, (_, _) => Orange)));
        Assert.Equal(10, small.Decode(PngBytes.Encode(10, 10, 3, (_, _) => Orange)).Width);
    }

    [Fact]
    public void A_file_of_too_many_bytes_and_a_missing_one_are_refused()
    {
        var small = new VipsImageDecoder(Available(new ImageLimits { MaxBytes = 20 }));

        Assert.Contains("20", Assert.Throws<ImageException>(() => small.Decode(PngBytes.Encode(1, 1, 3, (_, _) => Orange))).Message, StringComparison.Ordinal);
        Assert.Contains("nowhere.png", Assert.Throws<ImageException>(() => small.Decode("nowhere.png")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Decoder().Decode(PngBytes.Encode(1, 1, 3, (_, _) => Orange), 0));
    }

    [Fact]
    public void Several_threads_decode_at_once()
    {
        VipsImageDecoder decoder = Decoder();
        byte[][] images = [.. Enumerable.Range(0, 8).Select(i => PngBytes.Encode(300, 200, 3, (_, _) => [(byte)(i * 30), 0, 0]))];

        Parallel.For(0, 200, i => AssertNear([(byte)(i % 8 * 30), 0, 0], decoder.Decode(images[i % 8], 64), 0));
    }

    [Fact]
    public void Without_libvips_the_message_says_how_to_install_it()
    {
        Assert.SkipWhen(VipsImageDecoder.Unavailable is null, "libvips is installed.");

        Assert.Contains("apt install libvips42", Assert.Throws<ImageException>(() => new VipsImageDecoder()).Message, StringComparison.Ordinal);
    }

    private static VipsImageDecoder Decoder() => new(Available(ImageLimits.Default));

    private static ImageLimits Available(ImageLimits limits)
    {
        Assert.SkipWhen(VipsImageDecoder.Unavailable is not null, VipsImageDecoder.Unavailable ?? "");
        return limits;
    }

    private static void AssertNear(ReadOnlySpan<byte> color, DecodedImage image, int most)
    {
        for (int i = 0; i < image.Rgb.Length; i += 3)
            AssertNear(color, image.Rgb.Span.Slice(i, 3), most);
    }

    private static void AssertNear(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found, int most)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= most, $"{Convert.ToHexString(found)} instead of {Convert.ToHexString(expected)}");
    }

    /// <summary>A JPEG with an EXIF segment of one entry.</summary>
    private static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif = [.. "Exif\0\0MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        return [0xFF, 0xD8, 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    /// <summary>A TIFF of one pixel, without compression.</summary>
    private static byte[] Tiff(byte[] color)
    {
        (int Tag, int Type, int Count, int Value)[] entries =
            [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 3, 134), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 140), (277, 3, 1, 3), (278, 3, 1, 1), (279, 4, 1, 3), (284, 3, 1, 1)];
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("II*\0"u8);
        writer.Write(8);
        writer.Write((ushort)entries.Length);
        foreach (var (tag, type, count, value) in entries)
        {
            writer.Write((ushort)tag);
            writer.Write((ushort)type);
            writer.Write(count);
            writer.Write(value);
        }

        writer.Write(0);
        for (int i = 0; i < 3; i++)
            writer.Write((ushort)8);
        writer.Write(color);
        return file.ToArray();
    }

    /// <summary>The same colours in another space, which the file names by its profile.</summary>
    private static unsafe byte[] InDisplayP3(byte[] png)
    {
        nint blob;
        fixed (byte* bytes = png)
            blob = Vips.BlobCopy(bytes, (nuint)png.Length);
        nint image = Vips.Run("pngload_buffer", "buffer", blob, "out");
        nint wide = Vips.Run("icc_transform", "in", image, "out", ("input-profile", "srgb"), ("output-profile", "p3"));
        Assert.True(wide != 0, Vips.TakeError());
        nint saved = Vips.Run("pngsave_buffer", "in", wide, "buffer");
        byte[] result = new ReadOnlySpan<byte>(Vips.BlobGet(saved, out nuint length), (int)length).ToArray();
        Vips.BlobUnref(saved);
        Vips.BlobUnref(blob);
        Vips.Unref(wide);
        Vips.Unref(image);
        // Otherwise the profile would not matter, and the test could not fail.
        Assert.True(result.AsSpan().IndexOf("iCCP"u8) > 0);
        return result;
    }
}

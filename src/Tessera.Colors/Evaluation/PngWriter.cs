using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Tessera.Colors.Images;

namespace Tessera.Colors.Evaluation;

/// <summary>Writes generated images as PNG: 8 bits a channel, no filter. For files that are to be decoded again, not for small ones.</summary>
internal static class PngWriter
{
    private static readonly uint[] Crcs = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1))];

    public static byte[] Encode(DecodedImage image)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        // 8 bits, red green blue.
        (header[8], header[9]) = (8, 2);
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);
        WriteChunk(png, "IHDR", header);
        WriteChunk(png, "IDAT", Pixels(image));
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    private static byte[] Pixels(DecodedImage image)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int row = 0; row < image.Height; row++)
            {
                zip.WriteByte(0);
                zip.Write(image.Rgb.Span.Slice(row * image.Width * 3, image.Width * 3));
            }
        }

        return packed.ToArray();
    }

    private static void WriteChunk(MemoryStream png, string name, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data];
        png.Write(body);
        uint crc = uint.MaxValue;
        foreach (byte value in body)
            crc = Crcs[(byte)(crc ^ value)] ^ crc >> 8;
        BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
        png.Write(number);
    }
}

using System.Buffers.Binary;
using System.IO.Compression;

namespace Tessera.Server.Tests.Page;

/// <summary>Writes pixels as PNG files: 8-bit RGB, no filters.</summary>
internal static class Png
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (c, _) => (c & 1) != 0 ? 0xedb88320 ^ (c >> 1) : c >> 1))];

    public static void Write(string path, ReadOnlySpan<byte> rgb, int width, int height)
    {
        var rows = new byte[height * (1 + width * 3)];
        for (int row = 0; row < height; row++)
            rgb.Slice(row * width * 3, width * 3).CopyTo(rows.AsSpan(row * (1 + width * 3) + 1));
        File.WriteAllBytes(path, Encode(width, height, rows));
    }

    /// <summary>A file of rows as they stand in it, each with the number of its filter before it; whether they are as many as the header says is not looked at.</summary>
    public static byte[] Encode(int width, int height, byte[] rows)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(rows);
        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] number = new byte[4], body = [.. type, .. data];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~body.Aggregate(~0u, (crc, value) => CrcTable[(byte)(crc ^ value)] ^ (crc >> 8)));
        file.Write(number);
    }
}

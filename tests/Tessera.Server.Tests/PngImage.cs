using Tessera.Server.Tests.Page;

namespace Tessera.Server.Tests;

/// <summary>Writes PNG files, honest ones and others.</summary>
internal static class PngImage
{
    /// <summary>An image of vertical stripes.</summary>
    public static byte[] Striped(int width, int height, params (byte R, byte G, byte B)[] colors)
    {
        using var rows = new MemoryStream();
        for (int y = 0; y < height; y++)
        {
            rows.WriteByte(0);
            for (int x = 0; x < width; x++)
            {
                (byte r, byte g, byte b) = colors[x * colors.Length / width];
                rows.Write([r, g, b]);
            }
        }

        return Png.Encode(width, height, rows.ToArray());
    }

    /// <summary>A file of a few bytes whose header claims a huge image.</summary>
    public static byte[] Bomb(int side) => Png.Encode(side, side, new byte[1 << 20]);
}

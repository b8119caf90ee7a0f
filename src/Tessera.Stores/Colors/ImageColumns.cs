using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tessera.Colors.Histograms;
using Tessera.Colors.Palettes;
using Tessera.Colors.Spaces;
using Tessera.Colors.Transport;
using Tessera.Storage;

namespace Tessera.Stores.Colors;

/// <summary>What columns of the catalogue hold, and back. Numbers are little-endian.</summary>
internal static class ImageColumns
{
    private const int PaletteBytes = 4 * sizeof(float);

    public static DateTime Time(long ticks) => new(ticks, DateTimeKind.Utc);

    public static ColorClass Class(string name) => Enum.TryParse(name, out ColorClass found) ? found : default;

    public static string[] Tags(string text) => text.Length == 0 ? [] : text.Split('\n');

    public static byte[] Palette(IReadOnlyList<PaletteColor> palette)
    {
        var bytes = new byte[palette.Count * PaletteBytes];
        for (int i = 0; i < palette.Count; i++)
        {
            Span<byte> place = bytes.AsSpan(i * PaletteBytes);
            LabColor color = palette[i].Color;
            BinaryPrimitives.WriteSingleLittleEndian(place, color.L);
            BinaryPrimitives.WriteSingleLittleEndian(place[4..], color.A);
            BinaryPrimitives.WriteSingleLittleEndian(place[8..], color.B);
            BinaryPrimitives.WriteSingleLittleEndian(place[12..], palette[i].Share);
        }

        return bytes;
    }

    public static PaletteColor[] Palette(byte[] bytes)
    {
        var palette = new PaletteColor[bytes.Length / PaletteBytes];
        for (int i = 0; i < palette.Length; i++)
        {
            ReadOnlySpan<byte> place = bytes.AsSpan(i * PaletteBytes);
            float Number(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadSingleLittleEndian(from);
            palette[i] = new PaletteColor(new LabColor(Number(place), Number(place[4..]), Number(place[8..])), Number(place[12..]));
        }

        return palette;
    }

    public static byte[] Histogram(SparseHistogram histogram) => MemoryMarshal.AsBytes(histogram.Entries).ToArray();

    /// <exception cref="TesseraFormatException">The bytes are no histogram.</exception>
    public static SparseHistogram Histogram(string path, byte[] bytes)
    {
        try
        {
            return SparseHistogram.FromEntries(MemoryMarshal.Cast<byte, uint>(bytes));
        }
        catch (ArgumentException problem)
        {
            throw new TesseraFormatException(path, "histograms", 0, problem.Message);
        }
    }
}

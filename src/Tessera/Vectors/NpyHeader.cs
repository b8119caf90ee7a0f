using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Tessera.Vectors;

/// <summary>
/// The header of NumPy's .npy format, versions 1 to 3 (NumPy Enhancement Proposal 1): magic, version, length, and a Python
/// dictionary of three entries, which is parsed as such and never evaluated.
/// </summary>
internal static class NpyHeader
{
    /// <summary>Far above what three entries take; NumPy itself stops at 10,000.</summary>
    private const int LongestHeader = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static RecordLayout Read(FileHeader file)
    {
        Span<byte> start = stackalloc byte[8];
        file.Read(start);
        if (!start[..6].SequenceEqual(Magic))
            throw file.Error(0, "this is not a .npy file.");
        if (start[6] is < 1 or > 3)
            throw file.Error(6, $"version {start[6]} of the format is not supported; 1 to 3 are.");
        Span<byte> size = stackalloc byte[4];
        size.Clear();
        file.Read(start[6] == 1 ? size[..2] : size);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > LongestHeader || length > file.Length - file.Offset)
            throw file.Error(8, $"a header of {length} bytes is not possible here; the file is damaged or cut short.");
        byte[] text = new byte[length];
        long at = file.Offset;
        file.Read(text);
        NpyDictionary dictionary = NpyDictionary.Parse(text)
            ?? throw file.Error(at, "the header is not a dictionary of 'descr', 'fortran_order' and 'shape'.");
        ElementKind element = ElementOf(dictionary.Type)
            ?? throw file.Error(at, $"numbers of type {dictionary.Type} are not supported; use little-endian float32, float64, float16, uint8 or int8 (array.astype('<f4')).");
        if (dictionary.Shape.Length != 2)
            throw file.Error(at, $"the array has {dictionary.Shape.Length} dimension(s) where 2 are needed, rows and numbers in each; reshape it.");
        if (dictionary.FortranOrder)
            throw file.Error(at, "the array is in Fortran order; save it in C order (numpy.ascontiguousarray).");
        return RecordLayout.Check(file.Path, file.Offset, 0, element, dictionary.Shape[0], dictionary.Shape[1], file.Length);
    }

    /// <summary>A header of version 1 for float32, padded so that the numbers lie on a multiple of 64.</summary>
    public static byte[] Write(long rows, int dimension)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {dimension}), }}");
        const int Fixed = 10;
        int length = (Fixed + text.Length + 1 + 63) / 64 * 64;
        byte[] header = new byte[length];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - Fixed));
        header.AsSpan(Fixed).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(Fixed));
        header[^1] = (byte)'\n';
        return header;
    }

    private static ElementKind? ElementOf(string descr) => descr switch
    {
        "<f4" => ElementKind.F32,
        "<f8" => ElementKind.F64,
        "<f2" => ElementKind.F16,
        "|u1" or "<u1" => ElementKind.U8,
        "|i1" or "<i1" => ElementKind.I8,
        _ => null,
    };
}

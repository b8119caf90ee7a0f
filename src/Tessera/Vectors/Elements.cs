using System.Runtime.InteropServices;

namespace Tessera.Vectors;

/// <summary>Turns numbers as they lie in files, little-endian as the machine is, into float32 and back.</summary>
internal static class Elements
{
    /// <summary>Bytes of one number.</summary>
    public static int Size(ElementKind kind) => kind switch
    {
        ElementKind.U8 or ElementKind.I8 => 1,
        ElementKind.F16 => 2,
        ElementKind.I32 or ElementKind.F32 => 4,
        _ => 8,
    };

    /// <summary>Whether what is read may be NaN, infinite, or too large for float32.</summary>
    public static bool MayBeNonFinite(ElementKind kind) => kind is ElementKind.F16 or ElementKind.F32 or ElementKind.F64;

    /// <summary>Converts one row; integers of more than 24 bits are rounded, as float32 demands.</summary>
    public static void ToFloat(ElementKind kind, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (kind)
        {
            case ElementKind.U8:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = source[i];
                break;
            case ElementKind.I8:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = (sbyte)source[i];
                break;
            case ElementKind.I32:
                ReadOnlySpan<int> ints = MemoryMarshal.Cast<byte, int>(source);
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = ints[i];
                break;
            case ElementKind.F16:
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(source);
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = (float)halves[i];
                break;
            case ElementKind.F32:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(destination);
                break;
            default:
                ReadOnlySpan<double> doubles = MemoryMarshal.Cast<byte, double>(source);
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = (float)doubles[i];
                break;
        }
    }

    /// <summary>Converts one row to U8, I32 or F32.</summary>
    /// <returns>The column of the first number that the kind cannot hold, or -1.</returns>
    public static int FromFloat(ElementKind kind, ReadOnlySpan<float> source, Span<byte> destination)
    {
        if (kind == ElementKind.F32)
        {
            source.CopyTo(MemoryMarshal.Cast<byte, float>(destination));
            return -1;
        }
        for (int i = 0; i < source.Length; i++)
        {
            // 2^31 as float32 is one above the largest int, hence the strict bound.
            bool fits = kind == ElementKind.U8
                ? source[i] is >= 0 and <= 255
                : source[i] is >= int.MinValue and < 2147483648f;
            if (!fits || source[i] != MathF.Truncate(source[i]))
                return i;
            if (kind == ElementKind.U8)
                destination[i] = (byte)source[i];
            else
                MemoryMarshal.Cast<byte, int>(destination)[i] = (int)source[i];
        }
        return -1;
    }

    /// <summary>Index of the first NaN or infinity, or -1.</summary>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        // Both are the numbers with all exponent bits set; the library searches ranges of integers with SIMD.
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        int positive = bits.IndexOfAnyInRange(0x7F800000u, 0x7FFFFFFFu);
        int negative = (positive < 0 ? bits : bits[..positive]).IndexOfAnyInRange(0xFF800000u, 0xFFFFFFFFu);
        return negative < 0 ? positive : negative;
    }
}

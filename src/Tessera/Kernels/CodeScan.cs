using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tessera.Kernels;

/// <summary>
/// Sums of table entries over codes of 8 bits. Codes lie in blocks of 64: byte m of all 64 codes together, so that one
/// register holds the same part of 64 codes. A table of 256 bytes lies in four registers; a byte permute of two of them
/// looks up the low seven bits of 64 codes at once, and the top bit chooses between the two halves.
/// </summary>
internal static unsafe class CodeScan
{
    /// <summary>Codes in a block.</summary>
    public const int Block = 64;

    /// <summary>Codes whose sums are taken in one call at most.</summary>
    public const int Group = 4 * Block;

    /// <summary>Whether codes can be scanned by byte tables here.</summary>
    public static bool IsAccelerated => Avx512Vbmi.IsSupported;

    /// <summary>Adds up byte tables for the codes of one group.</summary>
    /// <param name="codes">Whole blocks, then at most one block whose rows are <paramref name="tailStride"/> apart; readable 64 bytes past the end.</param>
    /// <param name="count">Codes, at most <see cref="Group"/>.</param>
    /// <param name="tailStride">Distance of the rows of the last block when it is not whole.</param>
    /// <param name="parts">Bytes in a code.</param>
    /// <param name="tables">One table of 256 bytes for each part, aligned to 64 bytes.</param>
    /// <param name="sums">Receives one sum a code, room for whole blocks.</param>
    public static void Sums(byte* codes, int count, int tailStride, int parts, byte* tables, ushort* sums)
    {
        int whole = count / Block, rest = count % Block;
        if (whole == 4)
        {
            Sums4(codes, parts, tables, sums);
        }
        else
        {
            int block = 0;
            if (whole >= 2)
            {
                Sums2(codes, parts, tables, sums);
                block = 2;
            }

            if (block < whole)
                Sums1(codes + block * Block * parts, Block, parts, tables, sums + block * Block);
        }

        if (rest > 0)
            Sums1(codes + whole * Block * parts, tailStride, parts, tables, sums + whole * Block);
    }

    /// <summary>The sum for one code, in the order of its parts: what every scan agrees with.</summary>
    /// <param name="table">256 numbers a part.</param>
    /// <param name="code">The code's first byte in its block.</param>
    /// <param name="stride">Distance of its bytes.</param>
    /// <param name="parts">Bytes in the code.</param>
    public static float TableSum(float* table, byte* code, int stride, int parts)
    {
        float sum = 0;
        for (int m = 0; m < parts; m++, code += stride, table += ByteTables.Entries)
            sum += table[*code];
        return sum;
    }

    /// <summary>The sums for a block of codes one part after the other; a code's own sum adds up in the same order as <see cref="TableSum"/>.</summary>
    public static void TableSums(float* table, byte* codes, int count, int stride, int parts, float* sums)
    {
        new Span<float>(sums, count).Clear();
        for (int m = 0; m < parts; m++, codes += stride, table += ByteTables.Entries)
        {
            int i = 0;
            for (; i + 4 <= count; i += 4)
            {
                sums[i] += table[codes[i]];
                sums[i + 1] += table[codes[i + 1]];
                sums[i + 2] += table[codes[i + 2]];
                sums[i + 3] += table[codes[i + 3]];
            }

            for (; i < count; i++)
                sums[i] += table[codes[i]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums4(byte* codes, int parts, byte* tables, ushort* sums)
    {
        Vector512<ushort> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<ushort> o0 = default, o1 = default, o2 = default, o3 = default;
        long block = (long)Block * parts;
        for (byte* end = tables + ByteTables.Entries * parts; tables < end; tables += ByteTables.Entries, codes += Block)
        {
            Vector512<byte> t0 = Vector512.LoadAligned(tables), t1 = Vector512.LoadAligned(tables + 64);
            Vector512<byte> t2 = Vector512.LoadAligned(tables + 128), t3 = Vector512.LoadAligned(tables + 192);
            Add(LookUp(Vector512.Load(codes), t0, t1, t2, t3), ref a0, ref o0);
            Add(LookUp(Vector512.Load(codes + block), t0, t1, t2, t3), ref a1, ref o1);
            Add(LookUp(Vector512.Load(codes + 2 * block), t0, t1, t2, t3), ref a2, ref o2);
            Add(LookUp(Vector512.Load(codes + 3 * block), t0, t1, t2, t3), ref a3, ref o3);
        }

        Store(a0, o0, sums);
        Store(a1, o1, sums + Block);
        Store(a2, o2, sums + 2 * Block);
        Store(a3, o3, sums + 3 * Block);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums2(byte* codes, int parts, byte* tables, ushort* sums)
    {
        Vector512<ushort> a0 = default, a1 = default, o0 = default, o1 = default;
        long block = (long)Block * parts;
        for (byte* end = tables + ByteTables.Entries * parts; tables < end; tables += ByteTables.Entries, codes += Block)
        {
            Vector512<byte> t0 = Vector512.LoadAligned(tables), t1 = Vector512.LoadAligned(tables + 64);
            Vector512<byte> t2 = Vector512.LoadAligned(tables + 128), t3 = Vector512.LoadAligned(tables + 192);
            Add(LookUp(Vector512.Load(codes), t0, t1, t2, t3), ref a0, ref o0);
            Add(LookUp(Vector512.Load(codes + block), t0, t1, t2, t3), ref a1, ref o1);
        }

        Store(a0, o0, sums);
        Store(a1, o1, sums + Block);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums1(byte* codes, int stride, int parts, byte* tables, ushort* sums)
    {
        Vector512<ushort> all = default, odd = default;
        for (byte* end = tables + ByteTables.Entries * parts; tables < end; tables += ByteTables.Entries, codes += stride)
        {
            Vector512<byte> t0 = Vector512.LoadAligned(tables), t1 = Vector512.LoadAligned(tables + 64);
            Vector512<byte> t2 = Vector512.LoadAligned(tables + 128), t3 = Vector512.LoadAligned(tables + 192);
            Add(LookUp(Vector512.Load(codes), t0, t1, t2, t3), ref all, ref odd);
        }

        Store(all, odd, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> LookUp(Vector512<byte> codes, Vector512<byte> t0, Vector512<byte> t1, Vector512<byte> t2, Vector512<byte> t3)
    {
        Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(t0, codes, t1), high = Avx512Vbmi.PermuteVar64x8x2(t2, codes, t3);
        return Vector512.ConditionalSelect(Vector512.LessThan(codes.AsSByte(), Vector512<sbyte>.Zero).AsByte(), high, low);
    }

    /// <summary>Adds 64 bytes to 16-bit sums: the pairs as they are, even + 256 * odd modulo 2^16, and the odd ones alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<byte> values, ref Vector512<ushort> all, ref Vector512<ushort> odd)
    {
        all += values.AsUInt16();
        odd += values.AsUInt16() >>> 8;
    }

    /// <summary>Takes the odd sums out of the pairs' and stores both in the order of the codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<ushort> all, Vector512<ushort> odd, ushort* sums)
    {
        Vector512<ushort> even = all - (odd << 8);
        // Interleaving works within 128 bits: codes 0-7, 16-23, 32-39, 48-55 and 8-15, 24-31, ...; the permutes put them in order.
        Vector512<ulong> low = Avx512BW.UnpackLow(even, odd).AsUInt64(), high = Avx512BW.UnpackHigh(even, odd).AsUInt64();
        Avx512F.PermuteVar8x64x2(low, Vector512.Create(0ul, 1, 8, 9, 2, 3, 10, 11), high).AsUInt16().Store(sums);
        Avx512F.PermuteVar8x64x2(low, Vector512.Create(4ul, 5, 12, 13, 6, 7, 14, 15), high).AsUInt16().Store(sums + 32);
    }
}

using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>
/// One table of 256 sums for a byte that holds several small numbers, from the numbers' own tables: entry (high, low) is
/// high[.] + low[.]. A byte of two 4-bit codes then costs one look-up, as a code of 8 bits does.
/// </summary>
internal static unsafe class TableMerge
{
    /// <summary>Merges the tables of the 8 / bits numbers of a byte, the lowest number's table first.</summary>
    /// <param name="tables">8 / bits tables of 2^bits entries.</param>
    /// <param name="bits">1, 2 or 4.</param>
    /// <param name="target">Receives 256 sums.</param>
    public static void Run(float* tables, int bits, float* target)
    {
        if (bits == 4)
        {
            Pair(tables, tables + 16, 16, target);
            return;
        }

        // Two bits to four, or one to two to four, and then as above.
        float* nibbles = stackalloc float[32];
        float* pairs = stackalloc float[16];
        if (bits == 1)
        {
            for (int i = 0; i < 4; i++)
                Pair(tables + 4 * i, tables + 4 * i + 2, 2, pairs + 4 * i);
            tables = pairs;
        }

        Pair(tables, tables + 4, 4, nibbles);
        Pair(tables + 8, tables + 12, 4, nibbles + 16);
        Pair(nibbles, nibbles + 16, 16, target);
    }

    private static void Pair(float* low, float* high, int entries, float* target)
    {
        if (entries == 16 && Vector512.IsHardwareAccelerated)
        {
            Vector512<float> all = Vector512.Load(low);
            for (int h = 0; h < 16; h++)
                (all + Vector512.Create(high[h])).Store(target + 16 * h);
            return;
        }

        for (int h = 0; h < entries; h++)
            for (int l = 0; l < entries; l++)
                target[h * entries + l] = low[l] + high[h];
    }
}

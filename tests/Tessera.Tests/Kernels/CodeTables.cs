using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

/// <summary>Distance tables and codes for the tests of the scans.</summary>
internal static class CodeTables
{
    /// <summary>Kinds of tables, each hard for rounding to bytes in its own way.</summary>
    public static readonly string[] Kinds = ["normal", "one wide", "far from zero", "narrow and far from zero", "constant", "whole"];

    /// <summary>Tables of 2^bits entries for each part.</summary>
    public static float[] Make(string kind, int parts, int bits, ulong seed)
    {
        int entries = 1 << bits;
        if (kind == "whole")
            return TestVectors.Integers(parts * entries, seed);
        float[] tables = TestVectors.Normals(parts * entries, seed);
        for (int i = 0; i < tables.Length; i++)
        {
            int part = i / entries;
            tables[i] = kind switch
            {
                "one wide" => part == parts / 2 ? 1000 * tables[i] : tables[i],
                "far from zero" => tables[i] + 500 * (part % 3 - 1),
                "narrow and far from zero" => 1000 + 0.001f * tables[i],
                "constant" => part - 2.5f,
                _ => tables[i],
            };
        }

        return tables;
    }

    /// <summary>Random numbers below 2^bits, <paramref name="parts"/> for each code; few different codes where <paramref name="kinds"/> is small.</summary>
    public static ushort[] Numbers(int count, int parts, int bits, ulong seed, int kinds = int.MaxValue)
    {
        var random = new SeededRandom(seed, 21);
        var numbers = new ushort[count * parts];
        for (int i = 0; i < count; i++)
        {
            if (i >= kinds)
                numbers.AsSpan(random.Next(kinds) * parts, parts).CopyTo(numbers.AsSpan(i * parts));
            else
                for (int m = 0; m < parts; m++)
                    numbers[i * parts + m] = (ushort)random.Next(1 << bits);
        }

        return numbers;
    }

    /// <summary>An aligned copy, as the scans take their tables.</summary>
    public static AlignedBuffer<T> Aligned<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var buffer = new AlignedBuffer<T>(values.Length);
        values.CopyTo(buffer.Span);
        return buffer;
    }
}

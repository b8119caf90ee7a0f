using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>
/// Distance tables of 256 entries rounded to bytes, so that one fits four 512-bit registers: entry = Bias(m) + Scale * byte,
/// off by at most half of Scale. Sums of such entries are off by at most <see cref="Error"/>.
/// </summary>
/// <param name="Bias">The sum of all tables' least entries.</param>
/// <param name="Scale">What one step of a byte stands for.</param>
/// <param name="Error">Bound of the difference between a sum of rounded entries and the float32 sum of the true ones.</param>
internal readonly unsafe record struct ByteTables(float Bias, float Scale, float Error)
{
    public const int Entries = 256;

    /// <summary>A range whose step would have no float32 reciprocal; entries so near each other count as one.</summary>
    private const float Narrow = 1e-30f;

    /// <summary>Rounds <paramref name="count"/> tables.</summary>
    /// <param name="tables">count * 256 numbers.</param>
    /// <param name="count">Number of tables.</param>
    /// <param name="bytes">Receives as many bytes.</param>
    /// <param name="least">Room for one number a table.</param>
    public static ByteTables Round(float* tables, int count, byte* bytes, Span<float> least)
    {
        // Sums of bytes are kept in 16 bits.
        int steps = Math.Min(255, ushort.MaxValue / count);
        double bias = 0, magnitude = 0;
        float widest = 0;
        for (int m = 0; m < count; m++)
        {
            (float low, float high) = Range(tables + m * Entries);
            least[m] = low;
            bias += low;
            magnitude += Math.Max(Math.Abs(low), Math.Abs(high));
            widest = Math.Max(widest, high - low);
        }

        bool narrow = widest < Narrow;
        float scale = narrow ? 1 : widest / steps;
        for (int m = 0; m < count; m++)
            Round(tables + m * Entries, least[m], 1 / scale, bytes + m * Entries);
        // Half a step for each table, a little more for the rounding of the rounding, and the error of summing in float32.
        double error = count * (narrow ? widest : scale * 0.5001) + magnitude * (count + 8) * 1.2e-7;
        return new ByteTables((float)bias, scale, (float)error);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Low, float High) Range(float* table)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> low = Vector512.Load(table), high = low;
            for (int i = 16; i < Entries; i += 16)
            {
                Vector512<float> value = Vector512.Load(table + i);
                low = Vector512.MinNative(low, value);
                high = Vector512.MaxNative(high, value);
            }

            return (Least(Vector256.MinNative(low.GetLower(), low.GetUpper())), -Least(-Vector256.MaxNative(high.GetLower(), high.GetUpper())));
        }

        float least = table[0], most = table[0];
        for (int i = 1; i < Entries; i++)
        {
            least = Math.Min(least, table[i]);
            most = Math.Max(most, table[i]);
        }

        return (least, most);
    }

    private static float Least(Vector256<float> value)
    {
        Vector128<float> half = Vector128.MinNative(value.GetLower(), value.GetUpper());
        half = Vector128.MinNative(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MinNative(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2)))[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(float* table, float least, float factor, byte* bytes)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            // 64 entries at a time: four registers of floats become one of bytes.
            Vector512<float> low = Vector512.Create(least), factors = Vector512.Create(factor), half = Vector512.Create(0.5f);
            for (; i < Entries; i += 64)
            {
                Vector512<ushort> first = Vector512.Narrow(Step(table + i, low, factors, half), Step(table + i + 16, low, factors, half));
                Vector512<ushort> second = Vector512.Narrow(Step(table + i + 32, low, factors, half), Step(table + i + 48, low, factors, half));
                Vector512.Narrow(first, second).Store(bytes + i);
            }

            return;
        }

        for (; i < Entries; i++)
            bytes[i] = (byte)((table[i] - least) * factor + 0.5f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Step(float* entries, Vector512<float> least, Vector512<float> factor, Vector512<float> half) =>
        Vector512.ConvertToInt32Native((Vector512.Load(entries) - least) * factor + half).AsUInt32();
}

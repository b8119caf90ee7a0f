namespace Tessera.Vectors;

/// <summary>Draws rows uniformly without replacement, the same for the same seed on every machine.</summary>
internal static class RowSample
{
    /// <summary>Robert Floyd's method (Communications of the ACM 30(9), 1987): one draw for each row wanted, whatever the total.</summary>
    /// <returns><paramref name="count"/> different numbers below <paramref name="total"/>, ascending.</returns>
    public static long[] Draw(long total, int count, ulong seed)
    {
        var drawn = new HashSet<long>(count);
        ulong state = seed;
        for (long last = total - count; last < total; last++)
        {
            long row = Below(last + 1, ref state);
            if (!drawn.Add(row))
                drawn.Add(last);
        }
        long[] rows = [.. drawn];
        Array.Sort(rows);
        return rows;
    }

    /// <summary>A number from 0 to below <paramref name="limit"/>; the bias of the multiplication, limit / 2^64, is far below what a sample can show.</summary>
    private static long Below(long limit, ref ulong state) => (long)Math.BigMul(SplitMix(ref state), (ulong)limit, out _);

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tessera.Colors.Transport;

/// <summary>The loops that the simplex waits for. Rows are filled up to whole registers with what is never least.</summary>
internal static class RowScan
{
    /// <summary>The length of rows: a multiple of this, so that there is no rest.</summary>
    public const int Width = 8;

    /// <summary>The numbers that a row takes.</summary>
    public static int Padded(int length) => (length + Width - 1) / Width * Width;

    /// <summary>Where a difference is least, if it is below a bound; else -1. Of equal ones the first.</summary>
    /// <param name="costs">What is subtracted from.</param>
    /// <param name="prices">What is subtracted; as many.</param>
    /// <param name="below">The bound.</param>
    public static int Least(ReadOnlySpan<double> costs, ReadOnlySpan<double> prices, double below)
    {
        double least = Minimum(costs, prices);
        if (!(least < below))
            return -1;
        // The same subtraction gives the same bits, so that the place is where it is equal.
        ReadOnlySpan<Vector512<double>> wideCosts = MemoryMarshal.Cast<double, Vector512<double>>(costs), widePrices = MemoryMarshal.Cast<double, Vector512<double>>(prices);
        Vector512<double> wanted = Vector512.Create(least);
        for (int i = 0; i < wideCosts.Length; i++)
        {
            ulong equal = Vector512.Equals(wideCosts[i] - widePrices[i], wanted).ExtractMostSignificantBits();
            if (equal != 0)
                return i * Width + System.Numerics.BitOperations.TrailingZeroCount(equal);
        }

        return -1;
    }

    /// <summary>The least difference.</summary>
    public static double Minimum(ReadOnlySpan<double> costs, ReadOnlySpan<double> prices)
    {
        ReadOnlySpan<Vector512<double>> wideCosts = MemoryMarshal.Cast<double, Vector512<double>>(costs), widePrices = MemoryMarshal.Cast<double, Vector512<double>>(prices);
        Vector512<double> lanes = wideCosts[0] - widePrices[0];
        for (int i = 1; i < wideCosts.Length; i++)
            lanes = Vector512.MinNative(lanes, wideCosts[i] - widePrices[i]);
        Vector256<double> four = Vector256.MinNative(lanes.GetLower(), lanes.GetUpper());
        Vector128<double> two = Vector128.MinNative(four.GetLower(), four.GetUpper());
        return Math.Min(two[0], two[1]);
    }
}

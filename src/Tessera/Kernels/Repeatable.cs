using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>
/// Sums that give the same bits on every machine, whatever its registers: the order of the additions is fixed, and no
/// multiplication is fused with an addition. Slower than their siblings; for what must be decided alike everywhere.
/// </summary>
internal static class Repeatable
{
    /// <summary>The squared distance in double precision, in four sums of every fourth term.</summary>
    public static double SquaredL2(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"The vectors have {a.Length} and {b.Length} numbers; they must be alike.", nameof(b));
        // Four lanes always, in one register or in several: the sums are the same.
        var sums = Vector256<double>.Zero;
        int i = 0;
        for (; i + 4 <= a.Length; i += 4)
        {
            Vector256<double> difference = Widened(a[i..]) - Widened(b[i..]);
            sums += difference * difference;
        }

        double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        for (; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return sum;
    }

    private static Vector256<double> Widened(ReadOnlySpan<float> four)
    {
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(Vector128.Create(four));
        return Vector256.Create(low, high);
    }
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace Tessera.Colors.Transport;

/// <summary>The loop that the simplex waits for, over registers of whatever width the processor has.</summary>
internal static class RowScan
{
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
        for (int i = 0; i < costs.Length; i++)
        {
            if (costs[i] - prices[i] == least)
                return i;
        }

        return -1;
    }

    /// <summary>The least difference.</summary>
    public static double Minimum(ReadOnlySpan<double> costs, ReadOnlySpan<double> prices)
    {
        ReadOnlySpan<Vector<double>> wideCosts = MemoryMarshal.Cast<double, Vector<double>>(costs), widePrices = MemoryMarshal.Cast<double, Vector<double>>(prices);
        double least = double.PositiveInfinity;
        int rest = wideCosts.Length * Vector<double>.Count;
        if (wideCosts.Length > 0)
        {
            Vector<double> lanes = wideCosts[0] - widePrices[0];
            for (int i = 1; i < wideCosts.Length; i++)
                lanes = Vector.Min(lanes, wideCosts[i] - widePrices[i]);
            for (int lane = 0; lane < Vector<double>.Count; lane++)
                least = Math.Min(least, lanes[lane]);
        }

        for (int i = rest; i < costs.Length; i++)
            least = Math.Min(least, costs[i] - prices[i]);
        return least;
    }
}

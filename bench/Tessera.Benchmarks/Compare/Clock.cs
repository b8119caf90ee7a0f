using System.Diagnostics;

namespace Tessera.Benchmarks.Compare;

/// <summary>Takes times the way that the peers do.</summary>
internal static class Clock
{
    /// <summary>Seconds of one call.</summary>
    public static double Once(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Median seconds of a call, over as many as fill the time given and one at least.</summary>
    public static double Passes(Action work, double seconds)
    {
        var times = new List<double>();
        while (times.Count == 0 || times.Sum() < seconds)
            times.Add(Once(work));
        return Median(times);
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

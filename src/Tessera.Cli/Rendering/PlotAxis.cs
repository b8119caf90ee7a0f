using System.Globalization;

namespace Tessera.Cli.Rendering;

/// <summary>A linear or logarithmic scale that begins and ends on ticks and covers all values.</summary>
internal sealed class PlotAxis
{
    // Between this many ticks a reader can still interpolate by eye, and labels do not touch.
    private const int MostTicks = 8;

    private readonly bool _logarithmic;
    private readonly double _from;
    private readonly double _to;

    private PlotAxis(string label, bool logarithmic, IReadOnlyList<double> ticks)
    {
        Label = label;
        Ticks = ticks;
        _logarithmic = logarithmic;
        _from = Scale(ticks[0]);
        _to = Scale(ticks[^1]);
    }

    public string Label { get; }

    /// <summary>Values to mark, ascending; the first and the last are the ends of the axis.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis with ticks at multiples of 1, 2 or 5 times a power of ten.</summary>
    public static PlotAxis Linear(string label, IReadOnlyCollection<double> values)
    {
        double least = values.Min(), most = values.Max();
        if (least == most)
            (least, most) = least == 0 ? (0, 1) : (least - Math.Abs(least) * 0.1, most + Math.Abs(most) * 0.1);
        double step = Steps((most - least) / MostTicks).First(step => Math.Ceiling(most / step) - Math.Floor(least / step) <= MostTicks);
        long first = (long)Math.Floor(least / step), last = (long)Math.Ceiling(most / step);
        return new PlotAxis(label, false, [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)]);
    }

    /// <summary>An axis in which each power of ten takes the same room, with ticks at 1, 2 and 5 times those, or only at them when there are many.</summary>
    /// <exception cref="ArgumentException">A value is not above 0.</exception>
    public static PlotAxis Logarithmic(string label, IReadOnlyCollection<double> values)
    {
        double least = values.Min(), most = values.Max();
        if (!(least > 0))
            throw new ArgumentException($"{least} has no place on a logarithmic axis; give values above 0.", nameof(values));
        int firstDecade = (int)Math.Floor(Math.Log10(least)), lastDecade = (int)Math.Ceiling(Math.Log10(most));
        double[] factors = lastDecade - firstDecade <= 3 ? [1, 2, 5] : [1];
        double[] all = [.. Enumerable.Range(firstDecade, lastDecade - firstDecade + 2).SelectMany(decade => factors.Select(factor => factor * Math.Pow(10, decade)))];
        int from = Array.FindLastIndex(all, tick => tick <= least * (1 + 1e-9));
        int to = Array.FindIndex(all, tick => tick >= most * (1 - 1e-9));
        if (to == from)
            to++;
        return new PlotAxis(label, true, all[from..(to + 1)]);
    }

    /// <summary>Where a value lies: 0 at the first tick, 1 at the last.</summary>
    public double Place(double value) => (Scale(value) - _from) / (_to - _from);

    public static string Format(double tick) => tick switch
    {
        >= 1e6 => (tick / 1e6).ToString("0.###", CultureInfo.InvariantCulture) + "M",
        >= 1e3 => (tick / 1e3).ToString("0.###", CultureInfo.InvariantCulture) + "k",
        _ => tick.ToString("0.######", CultureInfo.InvariantCulture),
    };

    private double Scale(double value) => _logarithmic ? Math.Log10(value) : value;

    private static IEnumerable<double> Steps(double atLeast)
    {
        for (double power = Math.Pow(10, Math.Floor(Math.Log10(atLeast))); ; power *= 10)
        {
            yield return power;
            yield return 2 * power;
            yield return 5 * power;
        }
    }
}

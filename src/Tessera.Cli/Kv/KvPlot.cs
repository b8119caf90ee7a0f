using Tessera.Cli.Rendering;

namespace Tessera.Cli.Kv;

/// <summary>Error, logarithmic, against the time of one token's attention, a curve for each length of the cache.</summary>
internal static class KvPlot
{
    public static string Draw(KvBenchResult result)
    {
        PlotSeries[] series = [.. result.Rows
            .Where(row => row is { Method: "budgeted", AttendMs: not null, Error: > 0 })
            .GroupBy(row => row.Tokens)
            .Select(length => new PlotSeries(
                $"{length.Key:N0} tokens",
                [.. length.OrderBy(row => row.AttendMs).Select(row => new PlotPoint(
                    row.AttendMs!.Value, row.Error, $"{100 * row.Budget:0.#}%", $"{100 * row.Budget:0.#}% of the keys: {row.Speedup:0.0} times as fast as dense, error {row.Error:0.####}"))]))];
        PlotPoint[] points = [.. series.SelectMany(one => one.Points)];
        if (points.Length == 0)
            points = [new PlotPoint(1, 1, "", "")];
        return new SvgPlot(
            $"{result.QueryHeads} query heads on {result.KeyHeads} key heads of dimension {result.Dimension}",
            PlotAxis.Logarithmic("milliseconds for one token in one layer", [.. points.Select(point => point.X)]),
            PlotAxis.Logarithmic("relative L2 error of the output", [.. points.Select(point => point.Y)]),
            series).Render();
    }
}

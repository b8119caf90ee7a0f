using Tessera.Cli.Rendering;

namespace Tessera.Cli.Kv;

/// <summary>Error, logarithmic, against the time of one token's attention for the longest cache, a curve for each way that has a budget.</summary>
internal static class KvPlot
{
    private static readonly string[] Methods = ["budgeted", "window", "pages", "oracle"];

    public static string Draw(KvBenchResult result)
    {
        int tokens = result.Lengths.Max(length => length.Tokens);
        PlotSeries[] series = [.. Methods.Select(method => new PlotSeries(method, Points(result, tokens, method))).Where(one => one.Points.Count > 0)];
        PlotPoint[] points = [.. series.SelectMany(one => one.Points)];
        if (points.Length == 0)
            points = [new PlotPoint(1, 1, "", "")];
        return new SvgPlot(
            $"{tokens:N0} tokens: {result.QueryHeads} query heads on {result.KeyHeads} key heads of dimension {result.Dimension}",
            PlotAxis.Logarithmic("milliseconds for one token in one layer", [.. points.Select(point => point.X)]),
            PlotAxis.Logarithmic("relative L2 error of the output", [.. points.Select(point => point.Y)]),
            series).Render();
    }

    private static PlotPoint[] Points(KvBenchResult result, int tokens, string method) =>
    [
        .. result.Rows
            .Where(row => row is { AttendMs: not null, Error: > 0 } && row.Tokens == tokens && row.Method == method)
            .OrderBy(row => row.Budget)
            .Select(row => new PlotPoint(
                row.AttendMs!.Value, row.Error, $"{100 * row.Budget:0.#}%", $"{100 * row.Budget:0.#}% of the keys: {row.Speedup:0.0} times as fast as dense, error {row.Error:0.####}")),
    ];
}

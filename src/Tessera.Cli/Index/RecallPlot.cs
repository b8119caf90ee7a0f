using Tessera.Cli.Rendering;

namespace Tessera.Cli.Index;

/// <summary>The curve by which indexes are compared: throughput, logarithmic, against recall; up and to the right is better.</summary>
internal static class RecallPlot
{
    public static string Draw(string title, EvalResult result)
    {
        var points = result.Rows
            .OrderBy(row => row.Setting)
            .Select(row => new PlotPoint(
                row.Recall,
                row.Qps,
                $"{row.Setting}",
                $"{row.Knob} {row.Setting}: recall {Figures.Fixed(row.Recall, 4)}, {Figures.Rate(row.Qps)} queries/s, p50 {row.P50Ms} ms, p99 {row.P99Ms} ms"))
            .ToArray();
        return new SvgPlot(
            title,
            PlotAxis.Linear($"recall@{result.K} (points: {result.Rows[0].Knob})", [.. points.Select(point => point.X)]),
            PlotAxis.Logarithmic("queries/s", [.. points.Select(point => point.Y)]),
            [new PlotSeries("", points)]).Render();
    }
}

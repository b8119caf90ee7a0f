using System.Globalization;
using System.Text;
using Tessera.Cli.Rendering;

namespace Tessera.Cli.Ids;

/// <summary>A sweep as a table for programs and as a picture.</summary>
internal static class SweepFiles
{
    public static string Csv(SweepResult result)
    {
        var text = new StringBuilder("method,levels,clusters,bits,collision_rate,colliding_share,entropy,perplexity,relative_error,recall,ndcg,spearman,fit_seconds\n");
        foreach (SweepRow row in result.Rows)
        {
            QualityResult quality = row.Quality;
            string perplexity = string.Join('/', quality.Perplexity.Select(value => value.ToString(CultureInfo.InvariantCulture)));
            text.Append(CultureInfo.InvariantCulture, $"{row.Method},{row.Levels},{row.Clusters},{row.Bits},{quality.CollisionRate},{quality.CollidingShare},{quality.Entropy},")
                .Append(CultureInfo.InvariantCulture, $"{perplexity},{quality.RelativeError},{quality.Recall},{quality.Ndcg},{quality.Spearman},{row.FitSeconds}\n");
        }

        return text.ToString();
    }

    /// <summary>Collisions fall and recall rises with the bits; both are shares, so they stand on one axis.</summary>
    public static string Plot(SweepResult result)
    {
        int k = result.Rows[0].Quality.K;
        var series = new List<PlotSeries>();
        foreach (IGrouping<string, SweepRow> method in result.Rows.GroupBy(row => row.Method))
        {
            SweepRow[] rows = [.. method.OrderBy(row => row.Bits).ThenBy(row => row.Clusters)];
            series.Add(new PlotSeries($"{method.Key}: collisions", [.. rows.Select(row => Point(row, row.Quality.CollisionRate, "collisions", $"{row.Levels}x{row.Clusters}"))]));
            series.Add(new PlotSeries($"{method.Key}: recall@{k}", [.. rows.Select(row => Point(row, row.Quality.Recall, $"recall@{k}", ""))]));
        }

        double[] bits = [.. result.Rows.Select(row => row.Bits)];
        double[] shares = [.. series.SelectMany(each => each.Points).Select(point => point.Y)];
        return new SvgPlot(
            $"Semantic ids of {Figures.Count(result.Items)} items",
            PlotAxis.Linear("bits of an id (points: levels x codes)", bits),
            PlotAxis.Linear("share", [0, .. shares]),
            series).Render();
    }

    /// <summary>Only one of the two points above each other is labelled, or labels would hide each other.</summary>
    private static PlotPoint Point(SweepRow row, double share, string what, string label) => new(
        row.Bits, share, label, $"{row.Method}, {row.Levels} x {row.Clusters}: {what} {Figures.Fixed(share, 4)}");
}

using System.Globalization;
using Tessera.Cli.Rendering;

namespace Tessera.Benchmarks.Compare;

/// <summary>All libraries' curves of one trade-off: compared at equal recall, and drawn.</summary>
internal sealed class CurveComparison
{
    private readonly Request _request;
    private readonly Curve? _ours;
    private readonly Curve[] _theirs;

    /// <param name="tradeOff">What was traded.</param>
    /// <param name="outcomes">Its points, at least one.</param>
    /// <param name="tessera">Tessera's name; all other contestants are peers.</param>
    public CurveComparison(TradeOff tradeOff, IReadOnlyList<Outcome> outcomes, string tessera)
    {
        TradeOff = tradeOff;
        _request = outcomes[0].Work.Request;
        Curve[] curves =
        [
            .. outcomes
                .SelectMany(outcome => outcome.Contestants)
                .Where(contestant => contestant.Failure is null)
                .GroupBy(contestant => contestant.Name)
                .Select(points => new Curve(points.Key, points.Select(point => point.Point))),
        ];
        _ours = curves.FirstOrDefault(curve => curve.Name == tessera);
        _theirs = [.. curves.Where(curve => curve.Name != tessera)];
    }

    public TradeOff TradeOff { get; }

    /// <summary>Tessera beside each peer at each recall.</summary>
    public IEnumerable<Row> Rows
    {
        get
        {
            if (_ours is null)
                yield break;
            double?[] recalls = TradeOff.Recalls.Count > 0 ? [.. TradeOff.Recalls] : [null];
            foreach (double? recall in recalls)
            {
                foreach (Curve peer in _theirs)
                    yield return Compare(_ours, peer, recall ?? Math.Min(_ours.BestRecall, peer.BestRecall));
            }
        }
    }

    /// <summary>The curves as SVG; nothing where no library has a point.</summary>
    public string? Plot()
    {
        Curve[] curves = _ours is null ? _theirs : [_ours, .. _theirs];
        if (curves.Length == 0)
            return null;
        PlotSeries[] series = [.. curves.Select(curve => new PlotSeries(curve.Name, [.. curve.Points.Select(point => Mark(curve, point))]))];
        PlotPoint[] points = [.. series.SelectMany(each => each.Points)];
        return new SvgPlot(
            TradeOff.Title,
            PlotAxis.Linear($"recall@{_request.Neighbours} (points: {TradeOff.Knob})", [.. points.Select(point => point.X)]),
            PlotAxis.Logarithmic("queries/s", [.. points.Select(point => point.Y)]),
            series).Render();
    }

    private static bool Reaches(Curve curve, double recall) => curve.LeastRecall <= recall && recall <= curve.BestRecall;

    private Row Compare(Curve ours, Curve theirs, double recall)
    {
        string title = string.Create(CultureInfo.InvariantCulture, $"{TradeOff.Title}: **at recall {recall:0.00##}**");
        string ratio = Reaches(ours, recall) && Reaches(theirs, recall) ? Figure.Ratio(ours.CostsAt(recall), theirs.CostsAt(recall)) : "";
        return new Row(title, Describe(ours, recall), theirs.Name, Describe(theirs, recall), ratio);
    }

    private string Describe(Curve curve, double recall)
    {
        if (Reaches(curve, recall))
            return Figure.Of(_request, Clock.Median(curve.CostsAt(recall)));
        return curve.BestRecall < recall
            ? string.Create(CultureInfo.InvariantCulture, $"not reached ({curve.BestRecall:0.000})")
            : string.Create(CultureInfo.InvariantCulture, $"always above ({curve.LeastRecall:0.000})");
    }

    private PlotPoint Mark(Curve curve, CurvePoint point)
    {
        double rate = _request.QueryCount / Clock.Median(point.Costs);
        return new PlotPoint(
            point.Recall,
            rate,
            $"{point.Setting}",
            $"{curve.Name}, {TradeOff.Knob} {point.Setting}: recall {Figures.Fixed(point.Recall, 4)}, {Figures.Rate(rate)} queries/s");
    }
}

namespace Tessera.Benchmarks.Compare;

/// <summary>What one library's searches cost at which recall.</summary>
internal sealed class Curve
{
    public Curve(string name, IEnumerable<CurvePoint> points)
    {
        Name = name;
        Points = [.. points.OrderBy(point => point.Recall).ThenBy(point => Clock.Median(point.Costs))];
    }

    public string Name { get; }

    /// <summary>From the least recall to the most; at least one.</summary>
    public IReadOnlyList<CurvePoint> Points { get; }

    public double LeastRecall => Points[0].Recall;

    public double BestRecall => Points[^1].Recall;

    /// <summary>The cost of each round at a recall between the first point and the last: its logarithm taken as linear in the recall between two neighbouring points.</summary>
    public IReadOnlyList<double> CostsAt(double recall)
    {
        for (int i = 0; i < Points.Count; i++)
        {
            if (Points[i].Recall == recall)
                return Points[i].Costs;
            if (Points[i].Recall > recall && i > 0)
                return Between(Points[i - 1], Points[i], recall);
        }

        throw new ArgumentOutOfRangeException(nameof(recall), recall, $"The curve goes from {LeastRecall} to {BestRecall}.");
    }

    private static double[] Between(CurvePoint low, CurvePoint high, double recall)
    {
        double share = (recall - low.Recall) / (high.Recall - low.Recall);
        return [.. low.Costs.Zip(high.Costs, (from, to) => from * Math.Pow(to / from, share))];
    }
}

namespace Tessera.Benchmarks.Compare;

/// <summary>One search setting of one library.</summary>
/// <param name="Setting">The value of the knob.</param>
/// <param name="Recall">Recall, the same in all rounds.</param>
/// <param name="Costs">Seconds, one a round.</param>
internal sealed record CurvePoint(int Setting, double Recall, IReadOnlyList<double> Costs);

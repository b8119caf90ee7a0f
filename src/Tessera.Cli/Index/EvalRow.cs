using Tessera.Cli.Rendering;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary>One setting as <c>index eval</c> prints it.</summary>
internal sealed record EvalRow(int Probes, double Recall, double Qps, double P50Ms, double P99Ms)
{
    public static EvalRow From(Evaluation evaluation) => new(
        evaluation.Probes,
        Math.Round(evaluation.Recall, 6),
        Figures.Significant(evaluation.QueriesPerSecond, 6),
        Figures.Significant(evaluation.P50Milliseconds, 4),
        Figures.Significant(evaluation.P99Milliseconds, 4));
}

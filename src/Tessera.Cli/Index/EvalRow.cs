using System.Text.Json.Serialization;
using Tessera.Cli.Rendering;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary>One setting as <c>index eval</c> prints it: <c>probes</c>, or <c>ef</c> for a graph.</summary>
internal sealed record EvalRow(int? Probes, int? Ef, double Recall, double Qps, double P50Ms, double P99Ms)
{
    [JsonIgnore]
    public int Setting => Probes ?? Ef ?? 1;

    [JsonIgnore]
    public string Knob => Ef is null ? "probes" : "ef";

    public static EvalRow From(Evaluation evaluation, SearchKnob knob) => new(
        knob == SearchKnob.EfSearch ? null : evaluation.Setting,
        knob == SearchKnob.EfSearch ? evaluation.Setting : null,
        Math.Round(evaluation.Recall, 6),
        Figures.Significant(evaluation.QueriesPerSecond, 6),
        Figures.Significant(evaluation.P50Milliseconds, 4),
        Figures.Significant(evaluation.P99Milliseconds, 4));
}

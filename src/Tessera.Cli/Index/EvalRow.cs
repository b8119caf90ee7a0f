using System.Text.Json.Serialization;
using Tessera.Cli.Rendering;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary>One setting as <c>index eval</c> prints it: <c>probes</c>, or <c>ef</c> for a graph, or <c>beam</c> for a tree.</summary>
internal sealed record EvalRow(int? Probes, int? Ef, int? Beam, double Recall, double Qps, double P50Ms, double P99Ms)
{
    [JsonIgnore]
    public int Setting => Probes ?? Ef ?? Beam ?? 1;

    [JsonIgnore]
    public string Knob => Ef is not null ? "ef" : Beam is not null ? "beam" : "probes";

    public static EvalRow From(Evaluation evaluation, SearchKnob knob) => new(
        knob is SearchKnob.EfSearch or SearchKnob.Beam ? null : evaluation.Setting,
        knob == SearchKnob.EfSearch ? evaluation.Setting : null,
        knob == SearchKnob.Beam ? evaluation.Setting : null,
        Math.Round(evaluation.Recall, 6),
        Figures.Significant(evaluation.QueriesPerSecond, 6),
        Figures.Significant(evaluation.P50Milliseconds, 4),
        Figures.Significant(evaluation.P99Milliseconds, 4));
}

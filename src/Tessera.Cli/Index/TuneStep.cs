using System.Text.Json.Serialization;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary>One setting that <c>index tune</c> tried: <c>probes</c>, or <c>ef</c> for a graph, or <c>beam</c> for a tree.</summary>
internal readonly record struct TuneStep(int? Probes, int? Ef, int? Beam, double Recall)
{
    [JsonIgnore]
    public int Setting => Probes ?? Ef ?? Beam ?? 1;

    public static TuneStep From(TuningStep step, SearchKnob knob) => new(
        knob is SearchKnob.EfSearch or SearchKnob.Beam ? null : step.Setting,
        knob == SearchKnob.EfSearch ? step.Setting : null,
        knob == SearchKnob.Beam ? step.Setting : null,
        Math.Round(step.Recall, 6));
}

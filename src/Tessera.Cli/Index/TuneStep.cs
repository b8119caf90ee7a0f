using System.Text.Json.Serialization;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary>One setting that <c>index tune</c> tried: <c>probes</c>, or <c>ef</c> for a graph.</summary>
internal readonly record struct TuneStep(int? Probes, int? Ef, double Recall)
{
    [JsonIgnore]
    public int Setting => Probes ?? Ef ?? 1;

    public static TuneStep From(TuningStep step, SearchKnob knob) => new(
        knob == SearchKnob.EfSearch ? null : step.Setting,
        knob == SearchKnob.EfSearch ? step.Setting : null,
        Math.Round(step.Recall, 6));
}

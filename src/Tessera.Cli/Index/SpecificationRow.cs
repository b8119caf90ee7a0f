using System.Text.Json.Serialization;
using Tessera.Cli.Rendering;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary>What one specification did, on a subset or on all vectors.</summary>
internal sealed record SpecificationRow(
    string Spec, int Vectors, int Train, int? Probes, int? Ef, double Recall, double Qps, double P50Ms, double P99Ms, double BytesPerVector, double BuildSeconds, bool Reached, bool Fits)
{
    /// <summary>The option that makes a search do this.</summary>
    [JsonIgnore]
    public string Setting => Probes is { } probes ? $"--probes {probes}" : Ef is { } ef ? $"--ef {ef}" : "no setting";

    public static SpecificationRow From(SpecificationTrial trial) => new(
        trial.Specification, trial.Vectors, trial.TrainingVectors,
        trial.Knob == SearchKnob.Probes ? trial.Best.Setting : null,
        trial.Knob == SearchKnob.EfSearch ? trial.Best.Setting : null,
        Math.Round(trial.Best.Recall, 6),
        Figures.Significant(trial.Best.QueriesPerSecond, 6),
        Figures.Significant(trial.Best.P50Milliseconds, 4),
        Figures.Significant(trial.Best.P99Milliseconds, 4),
        Figures.Significant(trial.BytesPerVector, 6),
        Figures.Significant(trial.BuildSeconds, 4),
        trial.Reached,
        trial.Fits);
}

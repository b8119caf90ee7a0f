using Microsoft.AspNetCore.Mvc;
using Tessera.Music.Models;
using Tessera.Music.Retrieval;
using Tessera.Server.Hosting;

namespace Tessera.Server.Music;

/// <summary>What to generate; what is left out has the value that sounds well with small packs.</summary>
internal sealed class SampleQuery
{
    [FromQuery(Name = "parent")]
    public string? Parent { get; init; }

    [FromQuery(Name = "child")]
    public string? Child { get; init; }

    [FromQuery(Name = "seed")]
    public long? Seed { get; init; }

    [FromQuery(Name = "bias")]
    public float? Bias { get; init; }

    [FromQuery(Name = "weight")]
    public float? Weight { get; init; }

    [FromQuery(Name = "temperature")]
    public float? Temperature { get; init; }

    [FromQuery(Name = "topP")]
    public float? TopP { get; init; }

    [FromQuery(Name = "maxLength")]
    public int? MaxLength { get; init; }

    [FromQuery(Name = "maxCopy")]
    public int? MaxCopy { get; init; }

    public string Family => Check.Text(Parent, 200, "parent");

    public long SeedOrDefault => Seed is null or >= 0 ? Seed ?? 42 : throw RequestException.Bad($"seed is {Seed}; give 0 or more.");

    public SamplingOptions Sampling() => new()
    {
        Seed = (ulong)SeedOrDefault,
        Temperature = Check.Range(Temperature, 0, 10, 1, "temperature"),
        TopP = Check.Range(TopP, 0.001f, 1, 0.9f, "topP"),
        MaxLength = Check.Range(MaxLength, 16, 2000, 400, "maxLength"),
        MaxCopy = Check.Range(MaxCopy, 0, 255, 60, "maxCopy"),
    };

    public RetrievalConfig Retrieval(FusionWeights? weights) => new()
    {
        FamilyIndex = Family,
        ChildGenre = Child,
        ChildBias = Check.Range(Bias, 0, 1, 0.3f, "bias"),
        FusionWeight = Check.Range(Weight, 0, 1, 0.5f, "weight"),
        Weights = weights,
    };
}

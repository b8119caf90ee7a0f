using System.Text.Json.Serialization;

namespace Tessera.Cli.Ids;

/// <summary>Writers of what the verbs of <c>ids</c> print with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(FitResult))]
[JsonSerializable(typeof(EncodeResult))]
[JsonSerializable(typeof(FindResult))]
[JsonSerializable(typeof(QualityResult))]
[JsonSerializable(typeof(SweepResult))]
internal sealed partial class IdsJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Tessera.Cli.Music;

/// <summary>Writers of what the commands of music print with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(TokenizeResult))]
[JsonSerializable(typeof(MusicIndexResult))]
[JsonSerializable(typeof(RetrieveResult))]
[JsonSerializable(typeof(TrainResult))]
[JsonSerializable(typeof(SampleResult))]
[JsonSerializable(typeof(MusicEvalResult))]
[JsonSerializable(typeof(ShowResult))]
internal sealed partial class MusicJson : JsonSerializerContext;

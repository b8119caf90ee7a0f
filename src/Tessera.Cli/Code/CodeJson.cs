using System.Text.Json.Serialization;

namespace Tessera.Cli.Code;

/// <summary>Writers of what the verbs of <c>code</c> print with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(CodeBroadResult))]
[JsonSerializable(typeof(CodeBuildResult))]
[JsonSerializable(typeof(CodeLayersResult))]
[JsonSerializable(typeof(CodeQueryResult))]
[JsonSerializable(typeof(CodeShowResult))]
[JsonSerializable(typeof(CodeTreeResult))]
internal sealed partial class CodeJson : JsonSerializerContext;

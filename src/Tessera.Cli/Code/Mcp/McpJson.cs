using System.Text.Json.Serialization;

namespace Tessera.Cli.Code.Mcp;

/// <summary>Writers of <see cref="McpAnswers"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(McpAnswers.Retrieved))]
[JsonSerializable(typeof(McpAnswers.OpenCluster))]
[JsonSerializable(typeof(McpAnswers.Snapshot))]
[JsonSerializable(typeof(McpAnswers.Missing))]
internal sealed partial class McpJson : JsonSerializerContext;

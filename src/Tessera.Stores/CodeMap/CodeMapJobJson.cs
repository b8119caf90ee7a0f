using System.Text.Json.Serialization;

namespace Tessera.Stores.CodeMap;

/// <summary>Reads and writes jobs and dead letters.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CodeMapJob))]
[JsonSerializable(typeof(DeadLetter))]
internal sealed partial class CodeMapJobJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Tessera.CodeMap.Models;

/// <summary>Reads and writes <see cref="Wire"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Wire.EmbeddingRequest))]
[JsonSerializable(typeof(Wire.EmbeddingAnswer))]
[JsonSerializable(typeof(Wire.ChatRequest))]
[JsonSerializable(typeof(Wire.ChatAnswer))]
internal sealed partial class ModelJson : JsonSerializerContext;

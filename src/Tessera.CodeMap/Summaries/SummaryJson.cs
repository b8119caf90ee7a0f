using System.Text.Json.Serialization;

namespace Tessera.CodeMap.Summaries;

/// <summary>Reads and writes <see cref="SummaryAnswer"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SummaryAnswer))]
internal sealed partial class SummaryJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Tessera.Cli.Serve;

/// <summary>Everything that <c>serve</c> prints with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServeResult))]
internal sealed partial class ServeJson : JsonSerializerContext;

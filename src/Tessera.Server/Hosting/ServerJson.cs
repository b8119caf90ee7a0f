using System.Text.Json.Serialization;
using Tessera.Server.Systems;

namespace Tessera.Server.Hosting;

/// <summary>Everything that is written or read as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(SystemList))]
internal sealed partial class ServerJson : JsonSerializerContext;

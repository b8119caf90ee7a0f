using System.Text.Json.Serialization;

namespace Tessera.Cli.Code.Worker;

/// <summary>Writers of what the commands of the queue print with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(EnqueueResult))]
[JsonSerializable(typeof(QueueResult))]
[JsonSerializable(typeof(WorkerResult))]
internal sealed partial class WorkerJson : JsonSerializerContext;

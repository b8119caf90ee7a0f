using System.Text.Json.Serialization;
using Tessera.Cli.Cluster;
using Tessera.Cli.Code;
using Tessera.Cli.Index;
using Tessera.Cli.Kv;

namespace Tessera.Cli.Rendering;

/// <summary>Writers of the results that <c>--json</c> prints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(BuildResult))]
[JsonSerializable(typeof(MergeResult))]
[JsonSerializable(typeof(SearchResult))]
[JsonSerializable(typeof(EvalResult))]
[JsonSerializable(typeof(TuneResult))]
[JsonSerializable(typeof(SpecificationResult))]
[JsonSerializable(typeof(InfoResult))]
[JsonSerializable(typeof(RewriteResult))]
[JsonSerializable(typeof(TagResult))]
[JsonSerializable(typeof(ClusterResult))]
[JsonSerializable(typeof(CodeEvalResult))]
[JsonSerializable(typeof(MixtureResult))]
[JsonSerializable(typeof(KvBenchResult))]
[JsonSerializable(typeof(KvEvalResult))]
internal sealed partial class CliJson : JsonSerializerContext;

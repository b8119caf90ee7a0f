using System.Text.Json;
using Tessera.CodeMap;
using Tessera.CodeMap.Sources;

namespace Tessera.Cli.Demo;

/// <summary>What <c>demo</c> prints.</summary>
internal sealed record DemoReport(
    string Path,
    int Files,
    SkippedFiles SkippedFiles,
    int Entities,
    IReadOnlyList<DemoLayer> Layers,
    string TerminationReason,
    string Termination,
    IReadOnlyList<DemoCluster> Tree,
    IReadOnlyList<DemoQuery> Queries,
    IndexComparison Vectors,
    DemoIds? Ids,
    AttentionFigures Attention,
    DemoTimings Timings,
    long IndexBytes,
    long PeakMemoryBytes)
{
    /// <summary>Style packs, retrieved from and generated with.</summary>
    public MusicDemo? Music { get; init; }

    /// <summary>Images that are found by colour.</summary>
    public ColorsDemo? Colors { get; init; }

    public static DemoReport Of(CodeMapSnapshot map, IEnumerable<string> questions, IndexComparison vectors, DemoIds? ids, AttentionFigures attention, long peakMemoryBytes) => new(
        map.Root,
        map.Files,
        map.Skipped,
        map.Entities.Count,
        [new DemoLayer(0, map.Entities.Count), .. map.Layers.Select(layer => new DemoLayer(layer.Number, layer.Clusters.Count))],
        JsonNamingPolicy.SnakeCaseLower.ConvertName(map.Termination.Reason.ToString()),
        map.Termination.Explanation,
        map.Layers.Count == 0
            ? []
            : [.. map.Layers[^1].Clusters.OrderByDescending(cluster => cluster.Size).Select(cluster => DemoCluster.Of(map, cluster))],
        [.. questions.Select(question => DemoQuery.Of(map, question))],
        vectors,
        ids,
        attention,
        DemoTimings.Of(map.Timings),
        map.Index.Memory.MeasuredBytes,
        peakMemoryBytes);
}

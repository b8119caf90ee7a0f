using Tessera.Cli.Rendering;
using Tessera.CodeMap.Storage;
using Tessera.CodeMap.Summaries;

namespace Tessera.Cli.Code;

/// <summary>What <c>code build</c> prints.</summary>
internal sealed record CodeBuildResult(
    string Store, string Repo, long Generation, bool Incremental, int Files, int FilesRead, int FilesSkipped, int EntitiesPut, int EntitiesRemoved, int ClustersPut,
    IReadOnlyList<CodeLayerRow> Layers, string Reason, string Termination, double OpeningSeconds, double ReadingSeconds, double EmbeddingSeconds, double ClusteringSeconds, double NamingSeconds,
    double StoringSeconds, double Seconds)
{
    /// <summary>The map over all repositories, where it was asked for.</summary>
    public CodeBuildResult? Global { get; init; }

    /// <summary>What the language model was asked and cost, where there is one.</summary>
    public CostReport? Cost { get; init; }

    public static CodeBuildResult Of(ICodeMapStore store, BuildReport report)
    {
        CodeMap.CodeMapTimings timings = report.Map.Timings;
        return new CodeBuildResult(
            store.Name, report.Head.Map, report.Head.Generation, report.IsIncremental, report.Map.Files, report.FilesRead, report.Map.Skipped.Total, report.EntitiesPut, report.EntitiesRemoved, report.ClustersPut,
            [new CodeLayerRow(0, report.Map.Entities.Count), .. report.Map.Layers.Select(layer => new CodeLayerRow(layer.Number, layer.Clusters.Count))],
            CodeNames.Of(report.Map.Termination.Reason), report.Map.Termination.Explanation,
            Rounded(report.Opening), Rounded(timings.Reading), Rounded(timings.Embedding), Rounded(timings.Clustering), Rounded(timings.Naming), Rounded(report.Storing),
            Rounded(report.Opening + timings.Total + report.Storing));
    }

    private static double Rounded(TimeSpan time) => Figures.Significant(time.TotalSeconds, 4);
}

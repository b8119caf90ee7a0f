using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;

namespace Tessera.Cli.Code;

/// <summary>An entity as the verbs of <c>code</c> print it.</summary>
internal sealed record CodeEntityRow(string Id, string Name, string Kind, string Repo, string File, int StartLine, int EndLine)
{
    public double? Score { get; init; }

    public string? Documentation { get; init; }

    /// <summary>The clusters that it lies in, from the top layer down.</summary>
    public IReadOnlyList<CodeClusterRow>? Clusters { get; init; }

    public string? Source { get; init; }

    public static CodeEntityRow Of(CodeEntity entity, IEnumerable<CodeCluster>? clusters = null) => new(
        entity.Id, entity.DisplayName, CodeNames.Of(entity.Kind), entity.Repository, entity.Path, entity.StartLine, entity.EndLine)
    {
        Documentation = entity.Documentation.Length == 0 ? null : entity.Documentation,
        Clusters = clusters is null ? null : [.. clusters.Select(CodeClusterRow.Of)],
    };
}

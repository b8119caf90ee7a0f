using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tessera.CodeMap;
using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Models;
using Tessera.CodeMap.Retrieval;
using Tessera.Server.Hosting;
using Tessera.Server.Loading;
using Tessera.Server.Trees;

namespace Tessera.Server.Code;

/// <summary>Answers questions about code.</summary>
internal static class CodeEndpoints
{
    public static void Map(IEndpointRouteBuilder api, ServedSystems systems) =>
        api.MapGet("/code/query", (string text, string? mode, int? limit, int? budget, string? map) => Query(systems.Find(SystemKind.Code, map), text, mode, limit, budget))
            .WithTags("code").WithSummary("Entities, clusters and what leads from one to another, by a question.").Unchanging();

    private static Ok<CodeQueryAnswer> Query(ServedSystem system, string text, string? mode, int? limit, int? budget)
    {
        CodeContent content = system.Require<CodeContent>();
        var options = new RetrievalOptions
        {
            Mode = ModeOf(mode),
            Limit = Check.Range(limit, 1, 100, 10, "limit"),
            Budget = Check.Range(budget, 0, 1_000_000, 0, "budget"),
        };
        long start = Stopwatch.GetTimestamp();
        RetrievalResult result = Retrieve(content.Map, Check.Text(text, 2000, "text"), options);
        double milliseconds = Elapsed.Milliseconds(start);
        return TypedResults.Ok(new CodeQueryAnswer(
            result.Mode.ToString().ToLowerInvariant(), system.Name, milliseconds,
            [.. result.Entities.Select(answer => Entry(content, answer))],
            [.. result.Clusters.Select(answer => new ClusterEntry(CodeTree.IdOf(answer.Cluster), answer.Cluster.Label, answer.Cluster.Size, answer.Score, answer.Folder, Steps(answer.Path)))],
            [.. result.Bridges.Select(bridge => new BridgeEntry(Entry(content, bridge.From), Entry(content, bridge.To), bridge.Common is { } common ? Step(common) : null, bridge.Score))]));
    }

    private static RetrievalResult Retrieve(CodeMapSnapshot map, string text, RetrievalOptions options)
    {
        try
        {
            return map.Retrieve(text, options);
        }
        catch (ModelException)
        {
            throw RequestException.Bad("The vectors of this map come from a model that the server was not given; ask with mode=words.");
        }
    }

    private static RetrievalMode ModeOf(string? mode) =>
        mode is null ? RetrievalMode.Hybrid
        : mode.All(char.IsAsciiLetter) && Enum.TryParse(mode, ignoreCase: true, out RetrievalMode known) ? known
        : throw RequestException.Bad($"mode is '{Check.Shown(mode)}'; give hybrid, local, words, global or bridge.");

    private static EntityEntry Entry(CodeContent content, CodeAnswer answer) =>
        Entry(content, answer.Entity) with { Score = answer.Score, Path = Steps(answer.Clusters) };

    private static EntityEntry Entry(CodeContent content, CodeEntity entity) => new(
        content.NodeOf(entity), entity.Id, entity.DisplayName, CodeTree.KindOf(entity), entity.Path, entity.StartLine, entity.EndLine,
        entity.Documentation.Length == 0 ? null : entity.Documentation);

    private static TreeStep[] Steps(IReadOnlyList<CodeCluster> clusters) => [.. clusters.Select(Step)];

    private static TreeStep Step(CodeCluster cluster) => new(CodeTree.IdOf(cluster), cluster.Label);
}

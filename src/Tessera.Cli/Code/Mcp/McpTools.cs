using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using Tessera.CodeMap;
using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Retrieval;

namespace Tessera.Cli.Code.Mcp;

/// <summary>The tools of <c>code mcp</c>: ask the map, open a cluster, fetch an entity.</summary>
internal sealed class McpTools(LiveMap maps)
{
    private const int MostAnswers = 100;
    private const int MembersOfPage = 50;

    /// <summary>Them all, as a server offers them.</summary>
    public McpServerPrimitiveCollection<McpServerTool> All() =>
    [
        McpServerTool.Create(RetrieveAsync, Reading("hirag_retrieve", "Search the code map", "Finds code by a question, words or an identifier. Answers with entities (functions, types, ...) best first, with the clusters and folders of the code base that the question is about, and with what leads from one of these to another. Fetch an entity's source with fetch_entity_snapshot, look into a cluster with open_cluster.")),
        McpServerTool.Create(OpenClusterAsync, Reading("open_cluster", "Open a cluster", "Shows what a cluster of the code map holds: the clusters of the layer below, or the entities. Give no id for the top of the map.")),
        McpServerTool.Create(FetchAsync, Reading("fetch_entity_snapshot", "Fetch an entity", "Gives the source of one entity, whole or by pages: with start and limit a snippet of that many letters, and next_cursor as the next start.")),
    ];

    private Task<string> RetrieveAsync(
        [Description("The question, words, or an identifier.")] string q,
        [Description("Answers of each sort at most, 1 to 100.")] int top_k = 5,
        [Description("hybrid (default: vectors and words), local (vectors), words, global (clusters, for broad questions), or bridge (what connects clusters).")] string mode = "hybrid",
        [Description("Tokens of source that the entities may have together; 0 for no limit.")] int budget = 0,
        [Description("Only entities of this repository.")] string? repo = null,
        [Description("Only entities of these repositories.")] string[]? repos = null,
        CancellationToken cancellationToken = default) => maps.UseAsync(map =>
    {
        if (!Enum.TryParse(mode, ignoreCase: true, out RetrievalMode way) || !Enum.IsDefined(way))
            throw new McpException($"mode is '{mode}'; it must be hybrid, local, words, global or bridge.");
        if (top_k is < 1 or > MostAnswers)
            throw new McpException($"top_k is {top_k}; it must be 1 to {MostAnswers}.");
        if (budget < 0)
            throw new McpException($"budget is {budget}; it must be at least 1, or 0 for no limit.");
        HashSet<string>? allowed = repo is null && repos is null ? null : [.. repos ?? [], .. repo is null ? (string[])[] : [repo]];
        var options = new RetrievalOptions { Mode = way, Limit = top_k, Budget = budget };
        // Of other repositories' entities some are found too: more are looked at, so that enough are left.
        CodeAnswer[] found = [.. map.Retrieve(q, allowed is null ? options : options with { Limit = 10 * top_k }).Entities
            .Where(answer => allowed is null || allowed.Contains(answer.Entity.Repository)).Take(top_k)];
        RetrievalResult bridges = map.Retrieve(q, options with { Mode = RetrievalMode.Bridge });
        RetrievalResult broad = map.Retrieve(q, options with { Mode = RetrievalMode.Global });
        IReadOnlyList<ClusterAnswer> clusters = (way == RetrievalMode.Bridge ? bridges : broad).Clusters;
        return JsonSerializer.Serialize(
            new McpAnswers.Retrieved(
                [.. found.Select(answer => answer.Entity.Id)],
                [.. found.Select(answer => EntityOf(answer.Entity, answer.Score, [.. answer.Clusters.Select(cluster => cluster.Id)]))],
                [.. clusters.Select(answer => ClusterOf(map, answer))],
                [.. bridges.Bridges.Select(bridge => new McpAnswers.Bridge(bridge.From.Id, bridge.To.Id, bridge.FromCluster.Id, bridge.ToCluster.Id, bridge.Common?.Id, bridge.Score))],
                [.. broad.Folders.Select(answer => new McpAnswers.Folder(answer.Path, answer.Score))]),
            McpJson.Default.Retrieved);
    }, cancellationToken);

    private Task<string> OpenClusterAsync(
        [Description("The cluster's id, such as hirag::layer1::5::repo::tessera; left out for the top layer.")] string? id = null,
        [Description("Members to pass over: next_cursor of the page before.")] int start = 0,
        [Description("Members at most.")] int limit = MembersOfPage,
        CancellationToken cancellationToken = default) => maps.UseAsync(map =>
    {
        if (start < 0 || limit < 1)
            throw new McpException($"start is {start} and limit {limit}; start must be at least 0, limit at least 1.");
        if (id is null)
        {
            IReadOnlyList<CodeCluster> top = map.Layers.Count == 0 ? [] : map.Layers[^1].Clusters;
            string nothing = map.Layers.Count == 0 ? $"The code base has {map.Entities.Count} entities and no layers: {map.Termination.Explanation}." : $"The top of the map, over {map.Entities.Count} entities.";
            return JsonSerializer.Serialize(
                new McpAnswers.OpenCluster("", map.Layers.Count + 1, "top", nothing, map.Entities.Count, null, null, [.. top.Skip(start).Take(limit).Select(ChildOf)], top.Count, Next(start, limit, top.Count)),
                McpJson.Default.OpenCluster);
        }

        CodeCluster cluster = map.Layers.SelectMany(layer => layer.Clusters).FirstOrDefault(cluster => cluster.Id == id)
            ?? throw new McpException($"There is no cluster '{id}'. Ids come from hirag_retrieve, and from open_cluster without an id.");
        int[] page = [.. cluster.Members.Skip(start).Take(limit)];
        return JsonSerializer.Serialize(
            new McpAnswers.OpenCluster(
                cluster.Id, cluster.Layer, cluster.Label, cluster.Summary, cluster.Size,
                cluster.Parent is { } parent ? map.Layers[cluster.Layer].Clusters[parent].Id : null,
                cluster.Layer == 1 ? [.. page.Select(member => EntityOf(map.Entities[member], null, null))] : null,
                cluster.Layer == 1 ? null : [.. page.Select(member => ChildOf(map.Layers[cluster.Layer - 2].Clusters[member]))],
                cluster.Members.Count,
                Next(start, limit, cluster.Members.Count)),
            McpJson.Default.OpenCluster);
    }, cancellationToken);

    private Task<string> FetchAsync(
        [Description("The entity's id, as hirag_retrieve and open_cluster give it.")] string stable_id,
        [Description("First letter of the snippet, from 0: next_cursor of the page before.")] int? start = null,
        [Description("Letters of the snippet at most; without start and limit the source comes whole.")] int? limit = null,
        CancellationToken cancellationToken = default) => maps.UseAsync(map =>
    {
        if (start < 0 || limit < 1)
            throw new McpException($"start is {start} and limit {limit}; start must be at least 0, limit at least 1.");
        CodeEntity? entity = map.Find(stable_id);
        if (entity is null)
            return JsonSerializer.Serialize(new McpAnswers.Missing(false, stable_id), McpJson.Default.Missing);
        var snapshot = new McpAnswers.Snapshot(entity.Id, entity.Repository, entity.Path, entity.StartLine, entity.EndLine, $"{entity.Path}:{entity.StartLine}-{entity.EndLine}", entity.Documentation);
        return JsonSerializer.Serialize(Page(snapshot, entity.Source.Span, start, limit), McpJson.Default.Snapshot);
    }, cancellationToken);

    private static McpAnswers.Snapshot Page(McpAnswers.Snapshot snapshot, ReadOnlySpan<char> source, int? start, int? limit)
    {
        if (start is null && limit is null)
            return snapshot with { SourceContent = source.ToString() };
        int from = Whole(source, Math.Min(start ?? 0, source.Length));
        int to = Whole(source, (int)Math.Min((long)from + (limit ?? source.Length), source.Length));
        // A page of one letter may be half of a pair: then it is both halves.
        if (to == from && to < source.Length)
            to = from + 2;
        return snapshot with
        {
            Snippet = source[from..to].ToString(),
            SnippetStart = from,
            SnippetEnd = to,
            TotalLen = source.Length,
            NextCursor = to < source.Length ? to.ToString(CultureInfo.InvariantCulture) : null,
        };
    }

    /// <summary>A place between letters, not within a pair of surrogates.</summary>
    private static int Whole(ReadOnlySpan<char> text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;

    private static string? Next(int start, int limit, int total) =>
        (long)start + limit < total ? (start + limit).ToString(CultureInfo.InvariantCulture) : null;

    private static McpAnswers.Entity EntityOf(CodeEntity entity, float? score, IReadOnlyList<string>? clusters) => new(
        entity.Id, entity.Repository, entity.Kind.ToString().ToLowerInvariant(), entity.DisplayName, entity.Path, entity.StartLine, entity.EndLine, score,
        entity.Documentation.Length == 0 ? null : entity.Documentation, clusters);

    private static McpAnswers.Cluster ClusterOf(CodeMapSnapshot map, ClusterAnswer answer)
    {
        CodeCluster cluster = answer.Cluster;
        CodeEntity[] members = [.. cluster.Members.Select(member => map.Entities[member])];
        return new McpAnswers.Cluster(
            cluster.Id, cluster.Layer, cluster.Label, cluster.Summary, cluster.Size, answer.Folder, [.. members.Take(MembersOfPage).Select(member => member.Id)],
            [.. members.Select(member => member.Repository).Distinct(StringComparer.Ordinal)]);
    }

    private static McpAnswers.Child ChildOf(CodeCluster cluster) => new(cluster.Id, cluster.Label, cluster.Summary, cluster.Size);

    private static McpServerToolCreateOptions Reading(string name, string title, string description) => new()
    {
        Name = name,
        Title = title,
        Description = description,
        ReadOnly = true,
        Idempotent = true,
        OpenWorld = false,
    };
}

namespace Tessera.Cli.Code.Mcp;

/// <summary>What the tools answer, as JSON in one text: the fields of the reference, and what an assistant needs to go on from there.</summary>
internal static class McpAnswers
{
    internal sealed record Retrieved(
        IReadOnlyList<string> TopEntities, IReadOnlyList<Entity> Entities, IReadOnlyList<Cluster> Clusters, IReadOnlyList<Bridge> Bridge, IReadOnlyList<Folder> Folders,
        string MemberFetchTool = "fetch_entity_snapshot", string ClusterFetchTool = "open_cluster");

    internal sealed record Entity(string StableId, string RepoName, string Kind, string Name, string File, int StartLine, int EndLine, float? Score, string? Documentation, IReadOnlyList<string>? Clusters);

    internal sealed record Cluster(string Id, int Layer, string Label, string Summary, int Size, string Folder, IReadOnlyList<string> Members, IReadOnlyList<string> MemberRepos);

    internal sealed record Bridge(string A, string B, string FromCluster, string ToCluster, string? CommonCluster, float Score);

    internal sealed record Folder(string Path, float Score);

    internal sealed record OpenCluster(
        string Id, int Layer, string Label, string Summary, int Size, string? Parent, IReadOnlyList<Entity>? Entities, IReadOnlyList<Child>? Clusters, int TotalMembers, string? NextCursor);

    internal sealed record Child(string Id, string Label, string Summary, int Size);

    internal sealed record Snapshot(string StableId, string RepoName, string File, int StartLine, int EndLine, string SourceDisplay, string Documentation)
    {
        public string? SourceContent { get; init; }

        public string? Snippet { get; init; }

        public int? SnippetStart { get; init; }

        public int? SnippetEnd { get; init; }

        public int? TotalLen { get; init; }

        public string? NextCursor { get; init; }
    }

    internal sealed record Missing(bool Found, string StableId);
}

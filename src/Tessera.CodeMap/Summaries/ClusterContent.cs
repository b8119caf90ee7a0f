namespace Tessera.CodeMap.Summaries;

/// <summary>What a summary is written from.</summary>
public sealed record ClusterContent
{
    /// <summary>The cluster's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its layer, from 1.</summary>
    public required int Layer { get; init; }

    /// <summary>The words that tell it from its siblings.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Entities in it, through all layers below.</summary>
    public required int Size { get; init; }

    /// <summary>The folder that most of its entities lie in; empty for the root.</summary>
    public required string Folder { get; init; }

    /// <summary>The members nearest to the centroid, nearest first: entities for layer 1, else clusters. At most <see cref="LayerSummarizer.Snippets"/>.</summary>
    public required IReadOnlyList<ClusterSnippet> Snippets { get; init; }

    /// <summary>A hash for each member, in ascending order: of its content where it is an entity, else of its own members' hashes. Equal hashes, equal summary.</summary>
    public required IReadOnlyList<string> MemberHashes { get; init; }
}

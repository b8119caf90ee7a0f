namespace Tessera.CodeMap.Storage;

/// <summary>One cluster as stores keep it: the reference's <c>hirag_cluster</c>, and what an incremental build needs beside.</summary>
public sealed record ClusterRecord
{
    /// <summary><c>hirag::layer{N}::{number}</c> over all repositories, with <c>::repo::{name}</c> after it for one.</summary>
    public required string Id { get; init; }

    /// <summary>The same as <see cref="Id"/>.</summary>
    public string StableId => Id;

    /// <summary><c>layer{N}-cluster-{number}</c>.</summary>
    public required string StableLabel { get; init; }

    /// <summary>The label for a person.</summary>
    public required string Label { get; init; }

    /// <summary>A few sentences for a person; empty where none were written.</summary>
    public required string Summary { get; init; }

    /// <summary>Stable ids of its members in the layer below.</summary>
    public required IReadOnlyList<string> Members { get; init; }

    /// <summary>The mean of its members' vectors, scaled to length 1.</summary>
    public required IReadOnlyList<float> Centroid { get; init; }

    /// <summary>Numbers in <see cref="Centroid"/>.</summary>
    public int CentroidLength => Centroid.Count;

    /// <summary>The repositories that its entities come from, in order.</summary>
    public required IReadOnlyList<string> MemberRepos { get; init; }

    /// <summary>Its layer, from 1.</summary>
    public required int Layer { get; init; }

    /// <summary>Its number in the layer, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>The words that tell it from its siblings.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Those of <see cref="Members"/> that belong more to another cluster; empty unless memberships are soft.</summary>
    public IReadOnlyList<string> Shared { get; init; } = [];

    /// <summary>Entities in it, through all layers below.</summary>
    public required int Size { get; init; }

    /// <summary>A hash of its members' contents: while it is the same, so is the summary.</summary>
    public required string Hash { get; init; }

    /// <summary>Members that came or went since it was clustered.</summary>
    public int Churn { get; init; }
}

using Tessera.CodeMap.Summaries;

namespace Tessera.CodeMap.Layers;

/// <summary>A cluster of a code map: of entities in layer 1, of the clusters below in higher layers.</summary>
public sealed class CodeCluster
{
    /// <summary>Names the cluster in its map: <c>hirag::layer{N}::{number}</c>, with <c>::repo::{name}</c> after it where the map has a repository.</summary>
    public required string Id { get; init; }

    /// <summary>The plain label, <c>layer{N}-cluster-{number}</c>.</summary>
    public required string StableLabel { get; init; }

    /// <summary>The label for a person: <see cref="Words"/> joined by commas, different from those of the siblings; or what a language model called it.</summary>
    public required string Label { get; init; }

    /// <summary>What it is about, in a few sentences.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The words that tell this cluster from its siblings, most telling first, as the source writes them.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Its layer, from 1.</summary>
    public required int Layer { get; init; }

    /// <summary>Its number in the layer, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>Numbers of its members in the layer below, ascending: entities for layer 1, else clusters.</summary>
    public required IReadOnlyList<int> Members { get; init; }

    /// <summary>Number of the cluster in the layer above that this one belongs to; null in the top layer.</summary>
    public required int? Parent { get; init; }

    /// <summary>Entities in it, through all layers below.</summary>
    public required int Size { get; init; }

    /// <summary>The mean of its members' vectors, scaled to length 1.</summary>
    public required ReadOnlyMemory<float> Centroid { get; init; }

    /// <summary>Those of <see cref="Members"/> that belong more to another cluster; empty unless memberships are soft.</summary>
    public IReadOnlyList<int> Shared { get; init; } = [];

    /// <summary>A hash of its members' contents: while it is the same, so is what is said of the cluster.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Members that came or went since it was clustered.</summary>
    public int Churn { get; init; }

    internal CodeCluster With(ClusterSummary summary, string hash) => Copy(summary.Label, summary.Text, hash, Parent);

    internal CodeCluster Under(int parent) => Copy(Label, Summary, Hash, parent);

    private CodeCluster Copy(string label, string summary, string hash, int? parent) => new()
    {
        Id = Id,
        StableLabel = StableLabel,
        Label = label,
        Summary = summary,
        Words = Words,
        Layer = Layer,
        Number = Number,
        Members = Members,
        Parent = parent,
        Size = Size,
        Centroid = Centroid,
        Shared = Shared,
        Churn = Churn,
        Hash = hash,
    };
}

using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Sources;

namespace Tessera.CodeMap.Storage;

/// <summary>What a map is, beside its records: which generation, made how and when.</summary>
public sealed record MapHead
{
    /// <summary>The name of the map over all repositories of a store: empty.</summary>
    public const string Global = "";

    /// <summary>The repository's name, or <see cref="Global"/>.</summary>
    public required string Map { get; init; }

    /// <summary>Counts the commits of this map, from 1.</summary>
    public required long Generation { get; init; }

    /// <summary>The greatest token that a build of this map came with: a later build with a lower one is refused. 0 where none had one.</summary>
    public long Token { get; init; }

    /// <summary>What was mapped, as a full path; empty for the map over all repositories.</summary>
    public required string Root { get; init; }

    /// <summary>The commit that was mapped, where whoever ordered the build named one.</summary>
    public string? Commit { get; init; }

    /// <summary>When the generation was made.</summary>
    public required DateTimeOffset BuiltAt { get; init; }

    /// <summary>Files that were read.</summary>
    public required int Files { get; init; }

    /// <summary>Files that were left out.</summary>
    public SkippedFiles Skipped { get; init; }

    /// <summary>What turns text into vectors: <c>tokens</c>, or a model's name. Maps of different embedders cannot be clustered together.</summary>
    public required string Embedder { get; init; }

    /// <summary>Numbers in each vector.</summary>
    public required int Dimension { get; init; }

    /// <summary>The settings of the layers; another build with others begins anew.</summary>
    public required string Settings { get; init; }

    /// <summary>Entities when the weights of words were fitted and the layers clustered from nothing.</summary>
    public required int Fitted { get; init; }

    /// <summary>Entities that were added, changed or removed since then.</summary>
    public int Drift { get; init; }

    /// <summary>The next number that an entity gets: numbers are never given twice.</summary>
    public required int NextNumber { get; init; }

    /// <summary>Why there are no more layers.</summary>
    public LayerTermination Termination { get; init; } = LayerTermination.NotBuilt;
}

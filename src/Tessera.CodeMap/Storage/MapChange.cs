namespace Tessera.CodeMap.Storage;

/// <summary>What turns one generation of a map into the next.</summary>
public sealed record MapChange
{
    /// <summary>The new head; its generation is one more than <see cref="From"/>, its token that of the build (0 for a build without one).</summary>
    public required MapHead Head { get; init; }

    /// <summary>The generation that the change was made from; 0 where there was no map.</summary>
    public required long From { get; init; }

    /// <summary>Whether nothing of the generation before is kept: then only what is put counts.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Files that are new or different.</summary>
    public IReadOnlyList<FileRecord> PutFiles { get; init; } = [];

    /// <summary>Repository and path of files that are gone.</summary>
    public IReadOnlyList<(string Repository, string Path)> RemovedFiles { get; init; } = [];

    /// <summary>Entities that are new or different.</summary>
    public IReadOnlyList<EntityRecord> PutEntities { get; init; } = [];

    /// <summary>Numbers of entities that are gone.</summary>
    public IReadOnlyList<int> RemovedEntities { get; init; } = [];

    /// <summary>Clusters that are new or different.</summary>
    public IReadOnlyList<ClusterRecord> PutClusters { get; init; } = [];

    /// <summary>Ids of clusters that are gone.</summary>
    public IReadOnlyList<string> RemovedClusters { get; init; } = [];

    /// <summary>Blobs that are new or different.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> PutBlobs { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>Sees to it that the change follows on what a store holds.</summary>
    /// <param name="stored">The head that the store has for the map; null for none.</param>
    /// <returns>The head to keep: the greater of the two tokens stays.</returns>
    /// <exception cref="StaleBuildException">It does not.</exception>
    public MapHead Follow(MapHead? stored)
    {
        string map = Head.Map == MapHead.Global ? "the map over all repositories" : $"the map of '{Head.Map}'";
        if (stored is not null && Head.Token != 0 && Head.Token < stored.Token)
            throw new StaleBuildException($"This build of {map} has token {Head.Token}, but one with token {stored.Token} has been here: its work is newer and stays.");
        if ((stored?.Generation ?? 0) != From)
            throw new StaleBuildException($"This build of {map} was made from generation {From}, but the store has generation {stored?.Generation ?? 0}: another build was quicker. Build again.");
        return Head with { Token = Math.Max(Head.Token, stored?.Token ?? 0) };
    }
}

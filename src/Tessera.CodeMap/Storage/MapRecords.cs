namespace Tessera.CodeMap.Storage;

/// <summary>Everything of one generation of a map.</summary>
/// <param name="Head">What it is.</param>
/// <param name="Files">Its files, in no order.</param>
/// <param name="Entities">Its entities, in no order.</param>
/// <param name="Clusters">Its clusters, by layer and number.</param>
/// <param name="Blobs">What the map knows as a whole, by name: the weights and spellings of its words.</param>
public sealed record MapRecords(
    MapHead Head,
    IReadOnlyList<FileRecord> Files,
    IReadOnlyList<EntityRecord> Entities,
    IReadOnlyList<ClusterRecord> Clusters,
    IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Blobs);

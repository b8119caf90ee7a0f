namespace Tessera.CodeMap.Layers;

/// <summary>One layer of clusters.</summary>
/// <param name="Number">From 1, just above the entities.</param>
/// <param name="Clusters">Its clusters, in the order of their numbers.</param>
public sealed record CodeLayer(int Number, IReadOnlyList<CodeCluster> Clusters);

namespace Tessera.Attention;

/// <summary>What a cache holds.</summary>
/// <param name="NumLayers">Layers, up to the highest one that was updated.</param>
/// <param name="NumBuiltIndexes">Layers that have an index.</param>
/// <param name="TotalIndexedKeys">Keys over all layers, texts and heads.</param>
/// <param name="MemoryBytes">Native memory that the cache has taken, spare room included.</param>
/// <param name="Layers">Each layer.</param>
public sealed record CacheInfo(int NumLayers, int NumBuiltIndexes, long TotalIndexedKeys, long MemoryBytes, IReadOnlyList<LayerInfo> Layers);

namespace Tessera.Attention;

/// <summary>What an index holds.</summary>
/// <param name="IndexType">Its kind: kmeans, incremental or product_quantization.</param>
/// <param name="NumKeys">Keys over all texts and heads.</param>
/// <param name="NumClusteredKeys">Those of them that lie in trees; the others are in the exact zones.</param>
/// <param name="NumLevels">Levels of the deepest tree, the keys included.</param>
/// <param name="NumClusters">Clusters of keys.</param>
/// <param name="NumSegments">Segments of all trees.</param>
/// <param name="Batch">Texts.</param>
/// <param name="Heads">Key heads.</param>
public sealed record IndexInfo(string IndexType, int NumKeys, int NumClusteredKeys, int NumLevels, int NumClusters, int NumSegments, int Batch, int Heads);

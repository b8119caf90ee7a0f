namespace Tessera.Attention.Indexes;

/// <summary>One clustering of keys, told when <see cref="Configuration.KMeansIndexConfig.Verbose"/> is on.</summary>
/// <param name="Layer">Layer.</param>
/// <param name="Batch">Text.</param>
/// <param name="Head">Key head.</param>
/// <param name="Keys">Keys that were clustered.</param>
/// <param name="Clusters">Clusters of keys.</param>
/// <param name="Iterations">Iterations of k-means over the keys.</param>
/// <param name="MeanSquare">Mean squared distance of a key to its centroid.</param>
public readonly record struct IndexProgress(int Layer, int Batch, int Head, int Keys, int Clusters, int Iterations, double MeanSquare);

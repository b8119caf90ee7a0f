namespace Tessera.CodeMap.Layers;

/// <summary>How layers are clustered.</summary>
public enum ClusterMethod
{
    /// <summary>Spherical k-means: every member in one cluster. The default.</summary>
    KMeans,

    /// <summary>A Gaussian mixture over the main directions: a member is in every cluster that it belongs to with a probability of more than 0.1, as in HiRAG.</summary>
    Gmm,
}

namespace Tessera.SemanticIds;

/// <summary>How <see cref="RQKMeans"/> clusters a level, and gives out its codes.</summary>
public enum RQKMeansImplementation
{
    /// <summary>k-means: every vector takes its nearest entry.</summary>
    KMeans,

    /// <summary>Balanced k-means: all codes of a level are given out equally often, in training and to each batch of new items; what an item gets then depends on the others of its batch.</summary>
    Constrained,
}

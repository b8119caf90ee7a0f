namespace Tessera.Benchmarks.Compare;

/// <summary>What a library can be asked to do.</summary>
internal enum TaskKind
{
    /// <summary>k-means over all vectors from random ones of them; gives the centroids.</summary>
    KMeans,

    /// <summary>Exact search for all queries together; gives ids.</summary>
    FlatBatch,

    /// <summary>Exact search for the queries one after the other.</summary>
    FlatSingle,

    /// <summary>Training of an inverted file.</summary>
    IvfTrain,

    /// <summary>Adding all vectors to it.</summary>
    IvfAdd,

    /// <summary>The bytes of its file.</summary>
    IvfSize,

    /// <summary>Search in it for all queries together; gives ids.</summary>
    IvfSearch,

    /// <summary>Building an HNSW graph over all vectors.</summary>
    GraphBuild,

    /// <summary>The bytes of memory that it takes.</summary>
    GraphMemory,

    /// <summary>The bytes of its file.</summary>
    GraphSize,

    /// <summary>Search in it for all queries together; gives ids.</summary>
    GraphSearch,

    /// <summary>k-means with clusters of equal sizes; gives the centroids and the cluster of each vector.</summary>
    Balanced,

    /// <summary>Assigning vectors to the first of them so that all get as many, at the least cost; gives the cluster of each vector.</summary>
    BalancedAssign,

    /// <summary>Fitting a Gaussian mixture after a projection onto principal directions; gives the mean log-likelihood.</summary>
    Mixture,

    /// <summary>Learning a rotation for product codes (OPQ); gives its matrix.</summary>
    Rotation,

    /// <summary>Training a residual quantiser of 8 bits a level; gives the codebooks.</summary>
    Residual,

    /// <summary>Comparing queries, one after the other, with scalar codes of all vectors; gives ids.</summary>
    ScalarScan,
}

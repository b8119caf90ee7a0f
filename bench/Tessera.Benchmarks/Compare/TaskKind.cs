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

    /// <summary>Training of an inverted file of product codes of 8 bits.</summary>
    IvfPqTrain,

    /// <summary>Adding all vectors to it.</summary>
    IvfPqAdd,

    /// <summary>The bytes of its file.</summary>
    IvfPqSize,

    /// <summary>Search in it for all queries together; gives ids.</summary>
    IvfPqSearch,
}

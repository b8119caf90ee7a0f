namespace Tessera.Clustering;

/// <summary>Settings of <see cref="KMeans"/>.</summary>
public sealed record KMeansOptions
{
    /// <summary>Number of clusters k, 1 to the number of vectors.</summary>
    public required int Clusters { get; init; }

    /// <summary>Most iterations of one run, at least 1 (default 25).</summary>
    public int Iterations { get; init; } = 25;

    /// <summary>Runs from different starts, of which the one with the least inertia is kept, at least 1 (default 1).</summary>
    public int Redo { get; init; } = 1;

    /// <summary>How the first centroids are chosen (default k-means++).</summary>
    public KMeansInit Init { get; init; } = KMeansInit.PlusPlus;

    /// <summary>A run ends when an iteration lowers the inertia by less than this share of it; 0 (default) ends it only when no vector changes its cluster.</summary>
    public double Tolerance { get; init; }

    /// <summary>Keeps centroids at length 1 and assigns by the largest inner product (default false). For directions: text embeddings, cosine.</summary>
    public bool Spherical { get; init; }

    /// <summary>Vectors used for training, for each cluster: a larger set is sampled without replacement down to Clusters times this. 0 uses all (default 256).</summary>
    public int MaxPointsPerCluster { get; init; } = 256;

    /// <summary>Seed of all random choices (default 42). The same seed gives the same bits, whatever the number of threads.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads; 0 (default) uses every processor.</summary>
    public int Threads { get; init; }

    /// <summary>How far a centroid moves towards the mean of its vectors; 1 (default) is all the way, and the only stride that ends on means.</summary>
    internal float Stride { get; init; } = 1;
}

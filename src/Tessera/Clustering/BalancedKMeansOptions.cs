namespace Tessera.Clustering;

/// <summary>Settings of <see cref="BalancedKMeans"/>.</summary>
public sealed record BalancedKMeansOptions
{
    /// <summary>Number of clusters k, 1 to the number of vectors n.</summary>
    public required int Clusters { get; init; }

    /// <summary>
    /// The imbalance k * sum(n_i^2) / n^2 over the sizes n_i that is allowed. 1 (default) makes every size floor(n / k) or ceil(n / k).
    /// Above 1, a penalty on the sizes keeps the imbalance at most at this, or at that of sizes that differ by one: a soft balance,
    /// faster, without the memory for all distances, and of less inertia. 1.1 is a good bound for the lists of an index.
    /// </summary>
    public double MaxImbalance { get; init; } = 1;

    /// <summary>Most iterations of one run, at least 1 (default 25).</summary>
    public int Iterations { get; init; } = 25;

    /// <summary>Runs from different starts, of which the one with the least inertia is kept, at least 1 (default 1).</summary>
    public int Redo { get; init; } = 1;

    /// <summary>How the first centroids are chosen (default k-means++).</summary>
    public KMeansInit Init { get; init; } = KMeansInit.PlusPlus;

    /// <summary>A run ends when an iteration lowers the inertia by less than this share of it; 0 (default) ends it only when no vector changes its cluster.</summary>
    public double Tolerance { get; init; }

    /// <summary>Seed of all random choices (default 42). The same seed gives the same bits, whatever the number of threads.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads; 0 (default) uses every processor.</summary>
    public int Threads { get; init; }
}

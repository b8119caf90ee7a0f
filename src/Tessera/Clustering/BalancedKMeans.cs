using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// k-means with clusters of equal sizes (Bradley, Bennett and Demiriz, 2000): the assignment of every iteration is the cheapest
/// one with those sizes, found exactly by successive shortest paths, so that the inertia never rises. A soft balance adds a
/// penalty on the squared sizes to the inertia instead, whose weight rises until the imbalance is within its bound.
/// Not for data whose groups are of unlike size by nature: the larger ones are cut and the smaller ones joined.
/// Time of an iteration O(n k d), and for equal sizes up to O(k^2 + n / k) more for each vector that does not get its nearest
/// centroid; memory beside the data 4 n k + 12 k^2 bytes for equal sizes, O(k d + n) for a soft balance.
/// All vectors are used: of more than fit, cluster a sample and assign the others in blocks by <see cref="BalancedAssignment"/>.
/// </summary>
public static class BalancedKMeans
{
    /// <summary>Clusters the rows of <paramref name="vectors"/>.</summary>
    /// <param name="vectors">At least as many rows as clusters, for equal sizes rows times clusters at most <see cref="Array.MaxLength"/>; all numbers finite, and of size 1e15 at most.</param>
    /// <param name="options">Number of clusters and settings.</param>
    /// <param name="progress">Told after each iteration; null for nobody.</param>
    /// <param name="cancellationToken">Stops within a block of vectors and between moves.</param>
    /// <exception cref="ArgumentException">A setting or the data are out of range; the message says what would be right.</exception>
    public static BalancedKMeansResult Fit(Matrix vectors, BalancedKMeansOptions options, IProgress<KMeansIteration>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(options);
        Validate(vectors, options);
        BalancedKMeansResult? best = null;
        for (int run = 0; run < options.Redo; run++)
        {
            SizedAssigner assigner = options.MaxImbalance > 1 ? new PenalisedAssigner(vectors, options) : new EvenAssigner(vectors, options);
            BalancedKMeansResult result = new BalancedRun(vectors, options, assigner, run, progress).Run(cancellationToken);
            if (best is null || result.Inertia < best.Inertia)
                best = result;
        }

        return best!;
    }

    private static void Validate(Matrix vectors, BalancedKMeansOptions options)
    {
        KMeans.Require(options.MaxImbalance is >= 1 and <= double.MaxValue, nameof(options.MaxImbalance), options.MaxImbalance, "1 (equal sizes) or more");
        KMeans.Validate(vectors, new KMeansOptions
        {
            Clusters = options.Clusters,
            Iterations = options.Iterations,
            Redo = options.Redo,
            Tolerance = options.Tolerance,
            Init = options.Init,
            Threads = options.Threads,
        });
        if (options.MaxImbalance == 1)
            BalancedAssignment.RequireRoom(vectors, options.Clusters, nameof(options.Clusters));
    }
}

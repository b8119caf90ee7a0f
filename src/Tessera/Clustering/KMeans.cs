using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// Lloyd's k-means (1957, published 1982): assign every vector to its nearest centroid, move every centroid to the mean of
/// its vectors, until nothing changes. The assignment is exact; matrix products and bounds only make it fast.
/// Not for finding clusters of unlike density or shape (use a Gaussian mixture), nor for equal sizes (use <see cref="BalancedKMeans"/>).
/// Time O(n k d) for each iteration, in practice a small part of it; memory beside the data O(k d + n).
/// </summary>
public static class KMeans
{
    /// <summary>Clusters the rows of <paramref name="vectors"/>.</summary>
    /// <param name="vectors">At least as many rows as clusters; all numbers finite, and of size 1e15 at most.</param>
    /// <param name="options">Number of clusters and settings.</param>
    /// <param name="progress">Told after each iteration; null for nobody.</param>
    /// <param name="cancellationToken">Stops within a block of vectors.</param>
    /// <exception cref="ArgumentException">A setting or the data are out of range; the message says what would be right.</exception>
    public static KMeansResult Fit(Matrix vectors, KMeansOptions options, IProgress<KMeansIteration>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(options);
        Validate(vectors, options);
        Matrix training = Sample(vectors, options);
        KMeansResult? best = null;
        using Assigner assigner = Assigner.Create(training, options.Seed, options.Threads, cancellationToken);
        for (int run = 0; run < options.Redo; run++)
        {
            KMeansResult result = new KMeansRun(training, options, assigner, run, progress).Run(cancellationToken);
            if (best is null || result.Inertia < best.Inertia)
                best = result;
        }

        return best!;
    }

    internal static void Validate(Matrix vectors, KMeansOptions options)
    {
        Require(options.Clusters >= 1, nameof(options.Clusters), options.Clusters, "at least 1");
        Require(options.Clusters <= vectors.Rows, nameof(options.Clusters), options.Clusters, $"at most the number of vectors, {vectors.Rows}");
        Require(options.Iterations >= 1, nameof(options.Iterations), options.Iterations, "at least 1");
        Require(options.Redo >= 1, nameof(options.Redo), options.Redo, "at least 1");
        Require(options.Tolerance is >= 0 and < 1, nameof(options.Tolerance), options.Tolerance, "in [0, 1)");
        Require(options.MaxPointsPerCluster >= 0, nameof(options.MaxPointsPerCluster), options.MaxPointsPerCluster, "0 (all) or more");
        Require(options.Threads >= 0, nameof(options.Threads), options.Threads, "0 (all) or more");
        Require(Enum.IsDefined(options.Init), nameof(options.Init), options.Init, "PlusPlus or Random");
        VectorChecks.RequireMeasurable(vectors, Metric.L2, nameof(vectors), options.Threads);
    }

    internal static void Require(bool holds, string name, object value, string range)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
    }

    /// <summary>As many vectors as the options allow, drawn from all.</summary>
    internal static Matrix Sample(Matrix vectors, KMeansOptions options)
    {
        long most = options.MaxPointsPerCluster == 0 ? vectors.Rows : (long)options.MaxPointsPerCluster * options.Clusters;
        if (vectors.Rows <= most)
            return vectors;
        var random = new SeededRandom(options.Seed, 0x5A3B1E);
        return vectors.Select(random.Sample((int)most, vectors.Rows));
    }
}

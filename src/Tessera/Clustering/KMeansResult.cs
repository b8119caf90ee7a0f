using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>What k-means found.</summary>
/// <param name="Centroids">k rows, one for each cluster.</param>
/// <param name="Inertia">Sum of the squared distances of the training vectors to their centroids at the last assignment.</param>
/// <param name="Imbalance">k * sum(n_i^2) / n^2 over the sizes of the clusters.</param>
/// <param name="TrainingVectors">Vectors that were used, after sampling.</param>
/// <param name="History">The iterations of the run that was kept.</param>
public sealed record KMeansResult(Matrix Centroids, double Inertia, double Imbalance, int TrainingVectors, IReadOnlyList<KMeansIteration> History)
{
    /// <summary>Iterations of the run that was kept.</summary>
    public int Iterations => History.Count;

    /// <summary>Assigns each vector to its nearest centroid by L2, which for spherical clusters is the one with the largest inner product; ties to the lower number.</summary>
    /// <param name="vectors">Rows of the centroids' dimension, all numbers finite, and of size 1e15 at most.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="cancellationToken">Stops between blocks of vectors.</param>
    /// <returns>One cluster number for each row.</returns>
    public int[] Assign(Matrix vectors, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.Dimension != Centroids.Dimension)
            throw new ArgumentException($"The dimension is {vectors.Dimension}, but the centroids' is {Centroids.Dimension}.", nameof(vectors));
        VectorChecks.RequireMeasurable(vectors, Metric.L2, nameof(vectors));
        var nearest = new int[vectors.Rows];
        using var assigner = new ProductAssigner(vectors, threads);
        assigner.Nearest(Centroids, nearest, default, cancellationToken);
        return nearest;
    }
}

using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>What balanced k-means found.</summary>
/// <param name="Centroids">k rows, one for each cluster: the means of the vectors assigned to them; an empty cluster, which only a soft balance can leave, keeps its last one.</param>
/// <param name="Assignments">The cluster of each vector.</param>
/// <param name="Sizes">Vectors in each cluster.</param>
/// <param name="Inertia">Sum of the squared distances of the vectors to the centroids of their clusters.</param>
/// <param name="Imbalance">k * sum(n_i^2) / n^2 over the sizes of the clusters.</param>
/// <param name="History">The iterations of the run that was kept.</param>
public sealed record BalancedKMeansResult(
    Matrix Centroids,
    IReadOnlyList<int> Assignments,
    IReadOnlyList<int> Sizes,
    double Inertia,
    double Imbalance,
    IReadOnlyList<KMeansIteration> History)
{
    /// <summary>Iterations of the run that was kept.</summary>
    public int Iterations => History.Count;

    /// <summary>
    /// Assigns new vectors so that the sizes become as equal as they can, at the least sum of squared distances:
    /// <see cref="BalancedAssignment.Even(Matrix, Matrix, ReadOnlySpan{int}, int, CancellationToken)"/> with these centroids.
    /// </summary>
    /// <param name="vectors">Rows of the centroids' dimension, all numbers finite, and of size 1e15 at most.</param>
    /// <param name="sizes">What each cluster holds already: <see cref="Sizes"/> if the vectors join those that were clustered; empty (default) to balance them among themselves.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="cancellationToken">Stops between blocks of vectors and between moves.</param>
    /// <returns>One cluster number for each row.</returns>
    public int[] Assign(Matrix vectors, ReadOnlySpan<int> sizes = default, int threads = 0, CancellationToken cancellationToken = default) =>
        BalancedAssignment.Even(Centroids, vectors, sizes, threads, cancellationToken);

    /// <summary>
    /// Assigns a later batch so that sizes stay within a slack of equal:
    /// <see cref="BalancedAssignment.Even(Matrix, Matrix, ReadOnlySpan{int}, int, int, CancellationToken)"/> with these centroids.
    /// </summary>
    /// <param name="vectors">Rows of the centroids' dimension, all numbers finite, and of size 1e15 at most.</param>
    /// <param name="sizes">What each cluster holds so far; empty for nothing.</param>
    /// <param name="slack">How far above and below the common level sizes may end, in vectors, 0 or more.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="cancellationToken">Stops between blocks of vectors and between moves.</param>
    /// <returns>One cluster number for each row.</returns>
    public int[] Assign(Matrix vectors, ReadOnlySpan<int> sizes, int slack, int threads, CancellationToken cancellationToken) =>
        BalancedAssignment.Even(Centroids, vectors, sizes, slack, threads, cancellationToken);
}

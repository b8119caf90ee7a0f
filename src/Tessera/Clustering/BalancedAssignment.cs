using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// Assigns vectors to centroids with limits on the sizes of the clusters, at the least sum of squared distances that the
/// limits allow: the transportation problem, solved exactly by successive shortest paths.
/// Not for vectors that must find their nearest centroid again one by one: where a vector goes depends on the others given with it.
/// Time O(n k d) for the distances and O(k^2 + n / k) for each vector that does not get its nearest centroid; memory 4 n k + 12 k^2 bytes,
/// so that many vectors are best given in blocks, with the sizes so far.
/// </summary>
public static class BalancedAssignment
{
    private const int VectorsPerPiece = 256;

    /// <summary>Assigns so that the sizes become as equal as they can: none of the clusters that receive vectors ends more than one above another cluster.</summary>
    /// <param name="centroids">One row for each cluster, at least one.</param>
    /// <param name="vectors">Rows of the centroids' dimension, all numbers finite and of size 1e15 at most.</param>
    /// <param name="sizes">What each cluster holds already, 0 or more; empty when all are empty.</param>
    /// <param name="threads">Threads; 0 uses every processor. The answer does not depend on it.</param>
    /// <param name="cancellationToken">Stops between blocks of vectors and between moves.</param>
    /// <returns>One cluster number for each row.</returns>
    /// <exception cref="ArgumentException">The data or the sizes are out of range, or there are too many vectors at once; the message says what would be right.</exception>
    public static int[] Even(Matrix centroids, Matrix vectors, ReadOnlySpan<int> sizes = default, int threads = 0, CancellationToken cancellationToken = default) =>
        Even(centroids, vectors, sizes, 0, threads, cancellationToken);

    /// <summary>
    /// Assigns so that sizes stay within a slack of the level that they would all have: a later batch costs less where it may
    /// leave the sizes a little uneven. With the sizes kept from batch to batch, they never drift further apart than that.
    /// </summary>
    /// <param name="centroids">One row for each cluster, at least one.</param>
    /// <param name="vectors">Rows of the centroids' dimension, all numbers finite and of size 1e15 at most.</param>
    /// <param name="sizes">What each cluster holds already, 0 or more; empty when all are empty.</param>
    /// <param name="slack">How far above and below the level, in vectors, 0 or more: the sizes of clusters that receive vectors differ by 2 * slack + 1 at most.</param>
    /// <param name="threads">Threads; 0 uses every processor. The answer does not depend on it.</param>
    /// <param name="cancellationToken">Stops between blocks of vectors and between moves.</param>
    /// <returns>One cluster number for each row.</returns>
    /// <exception cref="ArgumentException">The data, the sizes or the slack are out of range, or there are too many vectors at once; the message says what would be right.</exception>
    public static int[] Even(Matrix centroids, Matrix vectors, ReadOnlySpan<int> sizes, int slack, int threads, CancellationToken cancellationToken)
    {
        Validate(centroids, vectors, threads);
        ArgumentOutOfRangeException.ThrowIfNegative(slack);
        int[] held = sizes.IsEmpty ? new int[centroids.Rows] : sizes.ToArray();
        RequireSizes(held, centroids.Rows, nameof(sizes));
        (int[] least, int[] most) = EvenBounds(held, vectors.Rows, slack);
        return Assign(centroids, vectors, least, most, threads, cancellationToken);
    }

    /// <summary>Assigns so that no cluster receives more than its capacity.</summary>
    /// <param name="centroids">One row for each cluster, at least one.</param>
    /// <param name="vectors">Rows of the centroids' dimension, all numbers finite and of size 1e15 at most.</param>
    /// <param name="capacities">The most vectors for each cluster, 0 or more; together at least the number of vectors.</param>
    /// <param name="threads">Threads; 0 uses every processor. The answer does not depend on it.</param>
    /// <param name="cancellationToken">Stops between blocks of vectors and between moves.</param>
    /// <returns>One cluster number for each row.</returns>
    /// <exception cref="ArgumentException">The data or the capacities are out of range, or there are too many vectors at once; the message says what would be right.</exception>
    public static int[] Within(Matrix centroids, Matrix vectors, ReadOnlySpan<int> capacities, int threads = 0, CancellationToken cancellationToken = default)
    {
        Validate(centroids, vectors, threads);
        int[] most = capacities.ToArray();
        RequireSizes(most, centroids.Rows, nameof(capacities));
        long room = most.Sum(capacity => (long)capacity);
        if (room < vectors.Rows)
            throw new ArgumentException($"The capacities add up to {room}, but there are {vectors.Rows} vectors.", nameof(capacities));
        // A capacity beyond all vectors is none, and sums of them would overflow.
        most = Array.ConvertAll(most, capacity => Math.Min(capacity, vectors.Rows));
        return Assign(centroids, vectors, new int[most.Length], most, threads, cancellationToken);
    }

    /// <summary>The most and least numbers that each cluster may receive for the sizes to become as equal as they can.</summary>
    internal static (int[] Least, int[] Most) EvenBounds(ReadOnlySpan<int> sizes, int count, int slack = 0)
    {
        int[] ordered = sizes.ToArray();
        Array.Sort(ordered);
        // The level to which the smallest clusters can be filled: as many of them as lie below it.
        long held = 0, level = 0;
        for (int i = 0; i < ordered.Length; i++)
        {
            held += ordered[i];
            level = (held + count) / (i + 1);
            if (i + 1 == ordered.Length || level < ordered[i + 1])
                break;
        }

        var least = new int[sizes.Length];
        var most = new int[sizes.Length];
        for (int cluster = 0; cluster < sizes.Length; cluster++)
        {
            least[cluster] = (int)Math.Max(0, level - slack - sizes[cluster]);
            most[cluster] = (int)Math.Clamp(level + 1 + slack - sizes[cluster], 0, count);
        }

        return (least, most);
    }

    /// <summary>The squared distances of all vectors to all centroids, vector after vector.</summary>
    internal static void Distances(Matrix centroids, Matrix vectors, float[] distances, int threads, CancellationToken cancellationToken)
    {
        Workers.For((vectors.Rows + VectorsPerPiece - 1) / VectorsPerPiece, threads, (piece, _) =>
        {
            int end = Math.Min(vectors.Rows, (piece + 1) * VectorsPerPiece);
            for (int i = piece * VectorsPerPiece; i < end; i++)
                Distance.SquaredL2s(vectors[i], centroids.Span, distances.AsSpan(i * centroids.Rows, centroids.Rows));
        }, cancellationToken);
    }

    /// <summary>The squared distance of every vector to the centroid that it is assigned to.</summary>
    internal static void DistancesToOwn(Matrix centroids, Matrix vectors, int[] assignments, float[] distances, int threads, CancellationToken cancellationToken)
    {
        Workers.For((vectors.Rows + VectorsPerPiece - 1) / VectorsPerPiece, threads, (piece, _) =>
        {
            int end = Math.Min(vectors.Rows, (piece + 1) * VectorsPerPiece);
            for (int i = piece * VectorsPerPiece; i < end; i++)
                distances[i] = Distance.SquaredL2(vectors[i], centroids[assignments[i]]);
        }, cancellationToken);
    }

    /// <summary>Refuses what would need more distances, or more pairs of clusters, than one array holds.</summary>
    internal static void RequireRoom(Matrix vectors, int clusters, string clustersName)
    {
        if ((long)clusters * clusters > Array.MaxLength)
            throw new ArgumentException($"{clusters} clusters are too many to balance exactly; at most {(int)Math.Sqrt(Array.MaxLength)} are possible.", clustersName);
        if ((long)vectors.Rows * clusters > Array.MaxLength)
            throw new ArgumentException(
                $"{vectors.Rows} vectors and {clusters} clusters make more distances than can be held at once, {Array.MaxLength}: cluster a sample of at most {Array.MaxLength / clusters} vectors and assign the others in blocks.",
                nameof(vectors));
    }

    private static int[] Assign(Matrix centroids, Matrix vectors, int[] least, int[] most, int threads, CancellationToken cancellationToken)
    {
        var assignments = new int[vectors.Rows];
        var distances = new float[vectors.Rows * centroids.Rows];
        Distances(centroids, vectors, distances, threads, cancellationToken);
        new Transport(distances, centroids.Rows, threads).Solve(least, most, new double[centroids.Rows], assignments, cancellationToken);
        return assignments;
    }

    private static void Validate(Matrix centroids, Matrix vectors, int threads)
    {
        ArgumentNullException.ThrowIfNull(centroids);
        ArgumentNullException.ThrowIfNull(vectors);
        if (centroids.Rows == 0)
            throw new ArgumentException("There are no centroids; at least 1 is needed.", nameof(centroids));
        if (vectors.Dimension != centroids.Dimension)
            throw new ArgumentException($"The dimension is {vectors.Dimension}, but the centroids' is {centroids.Dimension}.", nameof(vectors));
        KMeans.Require(threads >= 0, nameof(threads), threads, "0 (all) or more");
        VectorChecks.RequireMeasurable(centroids, Metric.L2, nameof(centroids));
        VectorChecks.RequireMeasurable(vectors, Metric.L2, nameof(vectors));
        RequireRoom(vectors, centroids.Rows, nameof(centroids));
    }

    private static void RequireSizes(int[] sizes, int clusters, string name)
    {
        if (sizes.Length != clusters)
            throw new ArgumentException($"{sizes.Length} {name} for {clusters} clusters; there must be one for each.", name);
        int negative = Array.FindIndex(sizes, size => size < 0);
        if (negative >= 0)
            throw new ArgumentException($"Number {negative} of the {name} is {sizes[negative]}; it must be 0 or more.", name);
    }
}

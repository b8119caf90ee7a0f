using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// k-means that begins in the few directions in which the vectors are longest and takes more of them step by step, each
/// step from where the one before ended (as FAISS's progressive-dimension clustering). It ends in better optima than k-means in
/// all dimensions from the start, and in less time, for its many iterations are on short vectors.
/// </summary>
internal static class ProgressiveKMeans
{
    /// <summary>Directions of the first step.</summary>
    private const int FewestDirections = 4;

    /// <summary>Directions of the last step before the whole vectors.</summary>
    private const int MostDirections = 128;

    private const int PowerIterations = 3;

    public static Matrix Fit(Matrix vectors, KMeansOptions options, CancellationToken cancellationToken)
    {
        int most = Math.Min(MostDirections, vectors.Dimension / 2);
        if (most < FewestDirections)
            return KMeans.Fit(vectors, options, null, cancellationToken).Centroids;
        Matrix coordinates = Coordinates(vectors, most, options, cancellationToken);
        Matrix? centroids = null;
        for (int directions = FewestDirections; ; directions = Math.Min(most, 2 * directions))
        {
            Matrix step = First(coordinates, directions);
            using var assigner = new ProductAssigner(step, options.Threads);
            centroids = new KMeansRun(step, options, assigner, 0, null, centroids is null ? null : First(centroids, directions)).Run(cancellationToken).Centroids;
            if (directions < most)
                continue;
            var nearest = new int[vectors.Rows];
            assigner.Nearest(centroids, nearest, default, cancellationToken);
            centroids = Means(vectors, nearest, options, cancellationToken);
            break;
        }

        using Assigner whole = Assigner.Create(vectors, options.Seed, options.Threads, cancellationToken);
        return new KMeansRun(vectors, options with { Iterations = 1 }, whole, 0, null, centroids).Run(cancellationToken).Centroids;
    }

    /// <summary>Coordinates along the principal directions.</summary>
    private static Matrix Coordinates(Matrix vectors, int directions, KMeansOptions options, CancellationToken cancellationToken)
    {
        int dimension = vectors.Dimension, block = MatrixProduct.BlockSize(dimension);
        float[] basis = PrincipalDirections.Learn(vectors, directions, PowerIterations, options.Seed, options.Threads, cancellationToken);
        using Panels right = Panels.Right(basis, directions, dimension);
        var coordinates = new float[vectors.Rows * directions];
        Workers.For((vectors.Rows + block - 1) / block, options.Threads, (piece, _) =>
        {
            int start = piece * block, count = Math.Min(block, vectors.Rows - start);
            using Panels left = Panels.Left(vectors.Slice(start, count).Span, count, dimension);
            MatrixProduct.Store(left, right, coordinates.AsSpan(start * directions, count * directions));
        }, cancellationToken);
        return new Matrix(coordinates, directions);
    }

    /// <summary>The first numbers of every row; zeros where a row has fewer.</summary>
    private static Matrix First(Matrix rows, int length)
    {
        var first = new float[rows.Rows * length];
        for (int i = 0; i < rows.Rows; i++)
            rows[i][..Math.Min(length, rows.Dimension)].CopyTo(first.AsSpan(i * length));
        return new Matrix(first, length);
    }

    private static Matrix Means(Matrix vectors, int[] clusters, KMeansOptions options, CancellationToken cancellationToken)
    {
        var sums = new ClusterSums(vectors, options.Clusters, options.Threads);
        sums.Update(clusters, cancellationToken);
        var means = new float[options.Clusters * vectors.Dimension];
        for (int cluster = 0; cluster < options.Clusters; cluster++)
        {
            ReadOnlySpan<double> sum = sums.Sum(cluster);
            for (int d = 0; d < sum.Length; d++)
                means[cluster * vectors.Dimension + d] = (float)(sum[d] / Math.Max(1, sums.Sizes[cluster]));
        }

        return new Matrix(means, vectors.Dimension);
    }
}

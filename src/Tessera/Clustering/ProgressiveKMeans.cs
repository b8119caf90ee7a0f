using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// k-means that begins in the few directions in which the vectors are longest and takes in twice as many at each step,
/// from where the step before ended (after FAISS's progressive-dimension clustering). Its steps are long strides beyond the means
/// (the scaled update of Lee, Baek and Sung, 1997), and of long vectors only the last assignment is of all numbers. Where
/// vectors are many, the first steps see a quarter of them and the last sees half of them before all. It ends
/// in better optima than k-means in all dimensions from the start, on long vectors for less work. For vectors without
/// clear clusters, such as residuals. Not where the clusters are plain, which <see cref="KMeans"/> finds as well, nor where
/// the course of the inertia is wanted, which is not told.
/// </summary>
public static class ProgressiveKMeans
{
    /// <summary>Directions of the first step.</summary>
    private const int FewestDirections = 4;

    /// <summary>Directions of the last step before the whole vectors.</summary>
    private const int MostDirections = 128;

    /// <summary>Passes after which the directions lie in order, near enough.</summary>
    private const int PowerIterations = 3;

    /// <summary>The stride that measured best of 1 to 1.9; at 2 a centroid would never settle.</summary>
    private const float Stride = 1.8f;

    /// <summary>Vectors for each cluster that a step sees at least; fewer say too little.</summary>
    private const int LeastPoints = 32;

    /// <summary>Finds centroids. The first steps take two fifths of the iterations of the options each, the last a third over half of the vectors and then half over all, or of vectors of 256 numbers and less a sixth; vectors of less than 8 numbers are clustered as they are.</summary>
    /// <param name="vectors">At least as many rows as clusters; all numbers finite, and of size 1e15 at most.</param>
    /// <param name="options">Number of clusters and settings; neither spherical nor of several runs.</param>
    /// <param name="cancellationToken">Stops within a block of vectors.</param>
    /// <returns>One row for each cluster.</returns>
    /// <exception cref="ArgumentException">A setting or the data are out of range; the message says what would be right.</exception>
    public static Matrix Fit(Matrix vectors, KMeansOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(options);
        KMeans.Validate(vectors, options);
        KMeans.Require(!options.Spherical, nameof(options.Spherical), options.Spherical, "false here");
        KMeans.Require(options.Redo == 1, nameof(options.Redo), options.Redo, "1 here");
        int most = Math.Min(MostDirections, vectors.Dimension / 2);
        if (most < FewestDirections)
            return KMeans.Fit(vectors, options, null, cancellationToken).Centroids;
        Matrix coordinates = Coordinates(vectors, most, options, cancellationToken);
        Matrix? centroids = null;
        Matrix quarter = Part(coordinates, 2, options);
        for (int directions = FewestDirections; directions < most; directions *= 2)
            centroids = Run(First(quarter, directions), options, Share(options, 2, 5), centroids, cancellationToken);

        // Of short vectors the directions leave out too much, and what they leave out costs little.
        bool isShort = vectors.Dimension <= 2 * MostDirections;
        centroids = isShort
            ? Run(quarter, options, Share(options, 2, 5), centroids, cancellationToken)
            : RunLast(coordinates, options, Share(options, 1, 2), centroids, cancellationToken);
        var nearest = new int[vectors.Rows];
        using (var assigner = new ProductAssigner(coordinates, options.Threads))
            assigner.Nearest(centroids, nearest, default, cancellationToken);
        centroids = Means(vectors, nearest, options, cancellationToken);
        if (isShort)
            centroids = RunLast(vectors, options, Share(options, 1, 6), centroids, cancellationToken);
        return Run(vectors, options, new Pace(1, options.Stride), centroids, cancellationToken);
    }

    /// <summary>The last space: half of the vectors first, then all.</summary>
    private static Matrix RunLast(Matrix vectors, KMeansOptions options, Pace overAll, Matrix? centroids, CancellationToken cancellationToken)
    {
        centroids = Run(Part(vectors, 1, options), options, Share(options, 1, 3), centroids, cancellationToken);
        return Run(vectors, options, overAll, centroids, cancellationToken);
    }

    /// <summary>Vectors halved a number of times at random, less often where they are few.</summary>
    private static Matrix Part(Matrix vectors, int halvings, KMeansOptions options)
    {
        while (halvings > 0 && vectors.Rows >> halvings < (long)LeastPoints * options.Clusters)
            halvings--;
        return halvings == 0 ? vectors : vectors.Select(new SeededRandom(options.Seed, (ulong)halvings + 0x3A9).Sample(vectors.Rows >> halvings, vectors.Rows));
    }

    private static Pace Share(KMeansOptions options, int share, int of) => new(Math.Max(1, (options.Iterations * share + of / 2) / of), Stride);

    /// <summary>The mean of each cluster; zero for an empty one.</summary>
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

    private static Matrix Run(Matrix vectors, KMeansOptions options, Pace pace, Matrix? start, CancellationToken cancellationToken)
    {
        if (start is not null)
            start = First(start, vectors.Dimension);
        // One space after another is too short a run to pay for the sketches that many iterations gain from.
        using var assigner = new ProductAssigner(vectors, options.Threads);
        return new KMeansRun(vectors, options with { Iterations = pace.Iterations, Stride = pace.Stride }, assigner, 0, null, start).Run(cancellationToken).Centroids;
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

    /// <summary>The first numbers of every row, and zeros where a row has fewer.</summary>
    private static Matrix First(Matrix rows, int length)
    {
        if (rows.Dimension == length)
            return rows;
        var first = new float[rows.Rows * length];
        for (int i = 0; i < rows.Rows; i++)
            rows[i][..Math.Min(length, rows.Dimension)].CopyTo(first.AsSpan(i * length));
        return new Matrix(first, length);
    }

    /// <summary>How many iterations a step takes, and how far centroids go beyond the means in them.</summary>
    private readonly record struct Pace(int Iterations, float Stride);
}

using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>The mean of vectors and the directions in which they vary most: principal component analysis, exact.</summary>
internal sealed class PrincipalSpace
{
    private const int Block = 1024;

    private readonly float[] _mean;
    private readonly Panels _forward;
    private readonly Panels _back;

    /// <param name="mean">One number for each dimension.</param>
    /// <param name="directions">One orthonormal row for each coordinate.</param>
    public PrincipalSpace(float[] mean, Matrix directions)
    {
        (_mean, Directions) = (mean, directions);
        _forward = Panels.Right(directions.Span, directions.Rows, directions.Dimension);
        _back = Panels.Right().PackColumns(directions.Span, directions.Rows, directions.Dimension);
    }

    public ReadOnlyMemory<float> Mean => _mean;

    public Matrix Directions { get; }

    public static PrincipalSpace Learn(Matrix vectors, int coordinates, int threads, CancellationToken cancellationToken)
    {
        int dimension = vectors.Dimension;
        var sums = new double[dimension];
        for (int i = 0; i < vectors.Rows; i++)
            Accumulate.Add(sums, vectors[i]);
        float[] mean = Array.ConvertAll(sums, sum => (float)(sum / vectors.Rows));

        var covariance = new double[dimension * dimension];
        var centred = new float[Math.Min(4 * Block, vectors.Rows) * dimension];
        for (int start = 0; start < vectors.Rows; start += 4 * Block)
        {
            Matrix block = vectors.Slice(start, Math.Min(4 * Block, vectors.Rows - start));
            Standardise.Run(block.Span, mean, default, centred);
            var rows = new Matrix(centred.AsMemory(0, block.Span.Length), dimension);
            double[] products = OuterProducts.Sum(rows, rows, threads, cancellationToken);
            for (int i = 0; i < products.Length; i++)
                covariance[i] += products[i];
        }

        double[] directions = SymmetricEigen.Solve(covariance, dimension).Vectors;
        return new PrincipalSpace(mean, new Matrix(Array.ConvertAll(directions[..(coordinates * dimension)], x => (float)x), dimension));
    }

    /// <summary>The coordinates of vectors.</summary>
    public Matrix Project(Matrix vectors, int threads, CancellationToken cancellationToken)
    {
        int dimension = vectors.Dimension, coordinates = Directions.Rows;
        var projected = new float[(long)vectors.Rows * coordinates];
        Workers.For((vectors.Rows + Block - 1) / Block, threads, (block, _) =>
        {
            int start = block * Block, count = Math.Min(Block, vectors.Rows - start);
            var centred = new float[count * dimension];
            Standardise.Run(vectors.Slice(start, count).Span, _mean, default, centred);
            using Panels left = Panels.Left(centred, count, dimension);
            MatrixProduct.Store(left, _forward, projected.AsSpan(start * coordinates, count * coordinates));
        }, cancellationToken);
        return new Matrix(projected, coordinates);
    }

    /// <summary>The vectors that coordinates stand for.</summary>
    public Matrix Back(Matrix projected)
    {
        int dimension = Directions.Dimension;
        var vectors = new float[(long)projected.Rows * dimension];
        using Panels left = Panels.Left(projected.Span, projected.Rows, projected.Dimension);
        MatrixProduct.Store(left, _back, vectors);
        for (int i = 0; i < projected.Rows; i++)
            Accumulate.AddScaled(vectors.AsSpan(i * dimension, dimension), 1, _mean);
        return new Matrix(vectors, dimension);
    }
}

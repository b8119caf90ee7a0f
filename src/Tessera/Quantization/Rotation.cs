using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>
/// A linear map that keeps lengths: vectors are rotated before they are coded, so that each part of a product code has its
/// share of what varies. Onto fewer dimensions it projects as well, and keeps what lies in the space that is left; onto more
/// it adds room, so that a dimension can be cut into parts that do not divide it.
/// A rotation does not change, and several threads may use it at once.
/// </summary>
public sealed class Rotation
{
    /// <summary>How far the products of rows may be from those of an orthonormal set.</summary>
    private const double Tolerance = 1e-3;

    private readonly Panels _forward;
    private readonly Panels _back;

    /// <summary>Takes over the matrix of a rotation, such as one that was saved.</summary>
    /// <param name="matrix">One row for each output, as long as a vector: orthonormal rows, or orthonormal columns where there are more rows than columns.</param>
    /// <exception cref="ArgumentException">The matrix is not orthonormal to within 1e-3, or holds NaN or infinity.</exception>
    public Rotation(Matrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rows == 0)
            throw new ArgumentException("A rotation has at least one output.", nameof(matrix));
        VectorChecks.RequireFinite(matrix, nameof(matrix));
        Matrix = matrix;
        (Dimension, Outputs) = (matrix.Dimension, matrix.Rows);
        _forward = Panels.Right(matrix.Span, Outputs, Dimension);
        _back = Panels.Right().PackColumns(matrix.Span, Outputs, Dimension);
        RequireOrthonormal();
    }

    /// <summary>Numbers in a vector.</summary>
    public int Dimension { get; }

    /// <summary>Numbers in a rotated vector.</summary>
    public int Outputs { get; }

    /// <summary>One row for each output, as long as a vector; all that there is to save.</summary>
    public Matrix Matrix { get; }

    internal long Bytes => (long)Outputs * Dimension * sizeof(float) + _forward.Bytes + _back.Bytes;

    /// <summary>Draws a rotation at random.</summary>
    /// <param name="dimension">Numbers in a vector, at least 1.</param>
    /// <param name="outputs">Numbers in a rotated vector; 0 (default) for as many.</param>
    /// <param name="seed">The same seed draws the same rotation on every machine with registers of one width (default 42).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Rotation Random(int dimension, int outputs = 0, ulong seed = 42)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        outputs = outputs == 0 ? dimension : outputs;
        var random = new SeededRandom(seed, 0x807A);
        var rows = new float[(long)dimension * outputs];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = (float)random.NextNormal();
        int longer = Math.Max(dimension, outputs);
        PrincipalDirections.Orthonormalise(rows, longer);
        return new Rotation(outputs <= dimension ? new Matrix(rows, dimension) : Transposed(rows, longer));
    }

    /// <summary>Learns the rotation after which product codes have the least error (<see cref="RotationOptions"/>; Ge, He, Ke and Sun, 2013).</summary>
    /// <param name="sample">At least 2^bits rows of finite numbers, of size 1e15 at most.</param>
    /// <param name="options">Parts of the codes and other settings.</param>
    /// <param name="progress">Told after each iteration.</param>
    /// <param name="cancellationToken">Stops within an iteration.</param>
    /// <exception cref="ArgumentException">A setting or the sample is out of range; the message says what would be right.</exception>
    public static Rotation Train(Matrix sample, RotationOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(sample);
        return new RotationTraining(sample, options, progress).Run(cancellationToken);
    }

    /// <summary>Rotates vectors.</summary>
    /// <param name="vectors">Rows of <see cref="Dimension"/> numbers.</param>
    /// <param name="threads">Threads; 0 uses every processor. The bits do not depend on it, nor on how vectors are given together.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <returns>Rows of <see cref="Outputs"/> numbers.</returns>
    /// <exception cref="ArgumentException">The dimension is another one.</exception>
    public Matrix Apply(Matrix vectors, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var rotated = new float[(long)vectors.Rows * Outputs];
        Multiply(vectors, Dimension, _forward, rotated, threads, cancellationToken);
        return new Matrix(rotated, Outputs);
    }

    /// <summary>Rotates one vector, without allocating.</summary>
    /// <param name="vector"><see cref="Dimension"/> numbers.</param>
    /// <param name="rotated">Receives <see cref="Outputs"/> numbers.</param>
    /// <exception cref="ArgumentException">A length is another one.</exception>
    public void Apply(ReadOnlySpan<float> vector, Span<float> rotated) => RowKernel.Run(vector, _forward, rotated);

    /// <summary>Rotates back: gives the vectors themselves where no output is missing, else the nearest to them in the space that was kept.</summary>
    /// <param name="rotated">Rows of <see cref="Outputs"/> numbers.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <returns>Rows of <see cref="Dimension"/> numbers.</returns>
    /// <exception cref="ArgumentException">The dimension is another one.</exception>
    public Matrix Reverse(Matrix rotated, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rotated);
        var vectors = new float[(long)rotated.Rows * Dimension];
        Multiply(rotated, Outputs, _back, vectors, threads, cancellationToken);
        return new Matrix(vectors, Dimension);
    }

    /// <summary>Rotates one vector back, without allocating.</summary>
    /// <param name="rotated"><see cref="Outputs"/> numbers.</param>
    /// <param name="vector">Receives <see cref="Dimension"/> numbers.</param>
    /// <exception cref="ArgumentException">A length is another one.</exception>
    public void Reverse(ReadOnlySpan<float> rotated, Span<float> vector) => RowKernel.Run(rotated, _back, vector);

    /// <summary>Rotates vectors into memory of the caller.</summary>
    internal void Apply(Matrix vectors, Memory<float> rotated, int threads, CancellationToken cancellationToken) =>
        Multiply(vectors, Dimension, _forward, rotated, threads, cancellationToken);

    /// <summary>The columns of rows as rows.</summary>
    internal static Matrix Transposed(ReadOnlySpan<float> rows, int length)
    {
        int count = rows.Length / length;
        var columns = new float[rows.Length];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < length; j++)
                columns[j * count + i] = rows[i * length + j];
        }

        return new Matrix(columns, count);
    }

    private static void Multiply(Matrix vectors, int dimension, Panels right, Memory<float> products, int threads, CancellationToken cancellationToken)
    {
        if (vectors.Dimension != dimension)
            throw new ArgumentException($"The dimension is {vectors.Dimension}, but this rotation takes {dimension}.", nameof(vectors));
        const int Block = 20 * Panels.LeftWidth;
        var scratch = new Panels?[Workers.Count(threads)];
        Workers.For((vectors.Rows + Block - 1) / Block, threads, (block, worker) =>
        {
            int start = block * Block, count = Math.Min(Block, vectors.Rows - start);
            Panels left = (scratch[worker] ??= Panels.Left()).Pack(vectors.Slice(start, count).Span, count, dimension, dimension);
            MatrixProduct.Store(left, right, products.Span.Slice(start * right.Count, count * right.Count));
        }, cancellationToken);
        foreach (Panels? panels in scratch)
            panels?.Dispose();
    }

    private void RequireOrthonormal()
    {
        // The shorter side must be orthonormal: its products with itself are those of the unit matrix.
        int count = Math.Min(Outputs, Dimension), depth = Math.Max(Outputs, Dimension);
        using var left = Panels.Left();
        if (Outputs <= Dimension)
            left.Pack(Matrix.Span, count, depth, depth);
        else
            left.PackColumns(Matrix.Span, Outputs, Dimension);
        var products = new float[(long)count * count];
        MatrixProduct.Store(left, Outputs <= Dimension ? _forward : _back, products);
        for (int i = 0; i < products.Length; i++)
        {
            double expected = i / count == i % count ? 1 : 0;
            if (!(Math.Abs(products[i] - expected) <= Tolerance))
                throw new ArgumentException($"The product of {(Outputs <= Dimension ? "rows" : "columns")} {i / count} and {i % count} is {products[i]}, not {expected}: the matrix is not orthonormal.", "matrix");
        }
    }
}

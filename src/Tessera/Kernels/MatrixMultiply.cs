namespace Tessera.Kernels;

/// <summary>
/// Products of row-major float32 matrices: the engine's matrix product for those who build on it, such as a network of dense
/// layers. Not for one product of one vector, where packing costs more than the product.
/// </summary>
public static class MatrixMultiply
{
    /// <summary>Numbers of a left block that stay in the second-level cache while right panels pass.</summary>
    private const int BlockNumbers = 1 << 17;

    /// <summary>Panels of a left block at most, so that there are pieces enough for all threads.</summary>
    private const int MostPanels = 16;

    /// <summary>c = op(a) * op(b), as fast as the machine multiplies; the same bits for any number of threads.</summary>
    /// <param name="a">m rows of k numbers; k rows of m where it is transposed.</param>
    /// <param name="transposeA">Whether a's columns are the rows of the product.</param>
    /// <param name="b">k rows of n numbers; n rows of k where it is transposed.</param>
    /// <param name="transposeB">Whether b's rows are the columns of the product.</param>
    /// <param name="c">Receives m rows of n numbers.</param>
    /// <param name="m">Rows of the product.</param>
    /// <param name="k">Terms of each sum.</param>
    /// <param name="n">Columns of the product.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="cancellationToken">Stops between pieces.</param>
    /// <exception cref="ArgumentException">A length does not fit the extents.</exception>
    public static void Run(
        ReadOnlyMemory<float> a, bool transposeA, ReadOnlyMemory<float> b, bool transposeB, Memory<float> c, int m, int k, int n, int threads = 0, CancellationToken cancellationToken = default)
    {
        Require(a.Length, m, k, nameof(a));
        Require(b.Length, k, n, nameof(b));
        Require(c.Length, m, n, nameof(c));
        using Panels right = Panels.Right();
        if (transposeB)
            right.Pack(b.Span, n, k, k);
        else
            right.PackColumns(b.Span, k, n);
        int block = Math.Clamp(BlockNumbers / k / Panels.LeftWidth, 1, MostPanels) * Panels.LeftWidth;
        var scratch = new Panels?[Workers.Count(threads)];
        try
        {
            Workers.For((m + block - 1) / block, threads, (piece, worker) =>
            {
                int start = piece * block, count = Math.Min(block, m - start);
                Panels left = scratch[worker] ??= Panels.Left();
                if (transposeA)
                    PackColumns(left, a.Span, m, k, start, count);
                else
                    left.Pack(a.Span.Slice(start * k, count * k), count, k, k);
                MatrixProduct.Store(left, right, c.Span.Slice(start * n, count * n));
            }, cancellationToken);
        }
        finally
        {
            foreach (Panels? each in scratch)
                each?.Dispose();
        }
    }

    /// <summary>
    /// c = a * b with the same bits on every machine: each sum begins with what c holds, adds its terms one after the other,
    /// and rounds each product before it is added. A few times slower than <see cref="Run"/>.
    /// </summary>
    /// <param name="a">m rows of k numbers.</param>
    /// <param name="b">k rows of n numbers.</param>
    /// <param name="c">m rows of n numbers to add to.</param>
    /// <param name="m">Rows of the product.</param>
    /// <param name="k">Terms of each sum.</param>
    /// <param name="n">Columns of the product.</param>
    /// <exception cref="ArgumentException">A length does not fit the extents.</exception>
    public static void AddRepeatably(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int k, int n)
    {
        Require(a.Length, m, k, nameof(a));
        Require(b.Length, k, n, nameof(b));
        Require(c.Length, m, n, nameof(c));
        for (int i = 0; i < m; i++)
        {
            Span<float> sums = c.Slice(i * n, n);
            for (int term = 0; term < k; term++)
            {
                // What a rectifier has set to 0 adds nothing.
                if (a[i * k + term] is not 0 and float factor)
                    Accumulate.AddScaled(sums, factor, b.Slice(term * n, n));
            }
        }
    }

    /// <summary>Packs some columns of a row-major matrix as left vectors.</summary>
    private static void PackColumns(Panels left, ReadOnlySpan<float> rows, int columns, int rowCount, int start, int count)
    {
        left.Reset(count, rowCount);
        for (int panel = 0; panel < left.PanelCount; panel++)
        {
            int first = panel * Panels.LeftWidth, valid = Math.Min(Panels.LeftWidth, count - first);
            Span<float> target = left.PanelSpan(panel);
            for (int row = 0; row < rowCount; row++)
                rows.Slice(row * columns + start + first, valid).CopyTo(target[(row * Panels.LeftWidth)..]);
        }
    }

    private static void Require(int length, int rows, int columns, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (length != (long)rows * columns)
            throw new ArgumentException($"{length} numbers are not {rows} rows of {columns}.", name);
    }
}

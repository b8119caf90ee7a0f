using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>Sums of outer products of rows: covariances, and what rotates one set of vectors onto another.</summary>
internal static class OuterProducts
{
    /// <summary>Rows of a block, few enough for a sum in float32 to keep its digits; blocks are added up in double precision.</summary>
    private const int Block = 4096;

    /// <returns>The sum over the rows i of left_i right_i', with a row for each dimension of <paramref name="left"/>.</returns>
    public static double[] Sum(Matrix left, Matrix right, int threads, CancellationToken cancellationToken)
    {
        int rows = left.Dimension, columns = right.Dimension;
        var sums = new double[rows * columns];
        var products = new float[rows * columns];
        using Panels leftPanels = Panels.Left(), rightPanels = Panels.Right();
        for (int start = 0; start < left.Rows; start += Block)
        {
            int count = Math.Min(Block, left.Rows - start);
            leftPanels.PackColumns(left.Slice(start, count).Span, count, rows);
            rightPanels.PackColumns(right.Slice(start, count).Span, count, columns);
            MatrixProduct.Store(leftPanels, rightPanels, products, threads, cancellationToken);
            Accumulate.Add(sums, products);
        }

        return sums;
    }
}

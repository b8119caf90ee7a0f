using System.Numerics;

namespace Tessera.Clustering;

/// <summary>The factor of a covariance matrix and its inverse, in double precision.</summary>
internal static class Cholesky
{
    /// <summary>Replaces the lower half of a symmetric matrix by L, with A = L L'.</summary>
    /// <returns>Whether the matrix is positive definite, so that there is such a factor.</returns>
    public static bool Factor(Span<double> matrix, int n)
    {
        for (int i = 0; i < n; i++)
        {
            Span<double> row = matrix.Slice(i * n, n);
            for (int j = 0; j <= i; j++)
            {
                ReadOnlySpan<double> other = matrix.Slice(j * n, n);
                double rest = row[j] - Dot(row[..j], other[..j]);
                if (j < i)
                    row[j] = rest / other[j];
                else if (rest > 0)
                    row[i] = Math.Sqrt(rest);
                else
                    return false;
            }
        }

        return true;
    }

    /// <summary>The inverse of a lower triangular matrix: rows, zero above the diagonal.</summary>
    public static double[] InvertLower(ReadOnlySpan<double> factor, int n)
    {
        // Column by column of the inverse, kept as rows so that the products run along memory, and turned at the end.
        var columns = new double[n * n];
        for (int j = 0; j < n; j++)
        {
            Span<double> column = columns.AsSpan(j * n, n);
            column[j] = 1 / factor[j * n + j];
            for (int i = j + 1; i < n; i++)
                column[i] = -Dot(factor.Slice(i * n + j, i - j), column[j..i]) / factor[i * n + i];
        }

        var inverse = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
                inverse[i * n + j] = columns[j * n + i];
        }

        return inverse;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        int k = 0;
        Vector<double> sums = default;
        for (; k + Vector<double>.Count <= a.Length; k += Vector<double>.Count)
            sums += new Vector<double>(a[k..]) * new Vector<double>(b[k..]);
        double sum = Vector.Sum(sums);
        for (; k < a.Length; k++)
            sum += a[k] * b[k];
        return sum;
    }
}

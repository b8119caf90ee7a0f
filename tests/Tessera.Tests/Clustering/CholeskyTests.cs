using Tessera.Clustering;

namespace Tessera.Tests.Clustering;

public sealed class CholeskyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(40)]
    public void The_factor_gives_the_matrix_back_and_its_inverse_the_unit(int n)
    {
        float[] numbers = TestVectors.Normals(n * n, (ulong)n);
        var matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                matrix[i * n + j] = Enumerable.Range(0, n).Sum(k => (double)numbers[i * n + k] * numbers[j * n + k]) + (i == j ? 1 : 0);
        }

        double[] factor = [.. matrix];
        Assert.True(Cholesky.Factor(factor, n));
        double[] inverse = Cholesky.InvertLower(factor, n);

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Assert.Equal(matrix[i * n + j], Enumerable.Range(0, Math.Min(i, j) + 1).Sum(k => factor[i * n + k] * factor[j * n + k]), 1e-10 * n);
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, i + 1).Where(k => k >= j).Sum(k => factor[i * n + k] * inverse[k * n + j]), 1e-10 * n);
            }
        }
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_has_none()
    {
        Assert.False(Cholesky.Factor([1, 2, 2, 1], 2));
        Assert.False(Cholesky.Factor([0], 1));
        Assert.False(Cholesky.Factor([double.NaN], 1));
    }
}

using Tessera.Clustering;

namespace Tessera.Tests.Clustering;

public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(101)]
    public void Vectors_are_orthonormal_and_give_the_matrix_back_with_their_values(int n)
    {
        double[] matrix = Symmetric(n, (ulong)n);

        (double[] values, double[] vectors) = SymmetricEigen.Solve(matrix, n);

        Assert.Equal(values.OrderDescending(), values);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, n).Sum(k => vectors[i * n + k] * vectors[j * n + k]), 1e-12 * n);
                Assert.Equal(matrix[i * n + j], Enumerable.Range(0, n).Sum(k => values[k] * vectors[k * n + i] * vectors[k * n + j]), 1e-11 * n);
            }
        }
    }

    [Fact]
    public void Values_that_occur_twice_and_zeros_are_found()
    {
        // A matrix that is diagonal already, with a block of two turned by 45 degrees.
        double[] matrix = new double[16];
        (matrix[0], matrix[5], matrix[10], matrix[1], matrix[4]) = (2, 2, 3, 1, 1);

        (double[] values, _) = SymmetricEigen.Solve(matrix, 4);

        Assert.Equal([3, 3, 1, 0], values.Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void Zeros_alone_have_the_unit_vectors()
    {
        (double[] values, double[] vectors) = SymmetricEigen.Solve(new double[9], 3);

        Assert.All(values, value => Assert.Equal(0, value));
        Assert.Equal(3, vectors.Sum(Math.Abs));
    }

    private static double[] Symmetric(int n, ulong seed)
    {
        float[] numbers = TestVectors.Normals(n * n, seed);
        var matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                matrix[i * n + j] = (double)numbers[i * n + j] + numbers[j * n + i];
        }

        return matrix;
    }
}

using Tessera.Vectors;

namespace Tessera.SemanticIds.Tests;

/// <summary>Generated vectors, the same on every machine.</summary>
internal static class TestData
{
    /// <summary>Standard normal numbers, as numpy.random.randn gives them.</summary>
    public static Matrix Normal(int rows, int dimension, ulong seed)
    {
        var random = new SeededRandom(seed);
        var values = new float[rows * dimension];
        foreach (ref float value in values.AsSpan())
            value = (float)random.NextNormal();
        return new Matrix(values, dimension);
    }

    /// <summary>Vectors around centres, as real ones lie.</summary>
    public static Matrix Clustered(int rows, int dimension, ulong seed, int centres = 20)
    {
        Matrix centre = Normal(centres, dimension, 1000), noise = Normal(rows, dimension, seed);
        var random = new SeededRandom(seed, 1);
        var values = new float[rows * dimension];
        for (int row = 0; row < rows; row++)
        {
            int own = random.Next(centres);
            for (int d = 0; d < dimension; d++)
                values[row * dimension + d] = 3 * centre[own][d] + 0.5f * noise[row][d];
        }

        return new Matrix(values, dimension);
    }

    public static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return sum;
    }

    /// <summary>Mean squared distance of rows.</summary>
    public static double Error(Matrix a, Matrix b) => Enumerable.Range(0, a.Rows).Average(row => SquaredDistance(a[row], b[row]));
}

using Tessera.Vectors;

namespace Tessera.Tests;

/// <summary>Vectors that tests make for themselves, the same on every machine.</summary>
internal static class TestVectors
{
    /// <summary>Whole numbers from -8 to 8: their sums and products are exact in float, so that a kernel must equal its oracle to the bit.</summary>
    public static float[] Integers(int count, ulong seed)
    {
        var random = new SeededRandom(seed, 1);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = random.Next(17) - 8;
        return values;
    }

    /// <summary>Normal numbers around 0 with standard deviation 1.</summary>
    public static float[] Normals(int count, ulong seed)
    {
        var random = new SeededRandom(seed, 2);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)random.NextNormal();
        return values;
    }

    /// <summary>Normal vectors: all directions vary alike.</summary>
    public static Matrix Normal(int rows, int dimension, ulong seed) => new(Normals(rows * dimension, seed), dimension);

    /// <summary>Vectors around planted centres, row i around centre <c>i % clusters</c>; centres and noise are normal.</summary>
    /// <param name="clusters">Number of centres.</param>
    /// <param name="each">Vectors around each.</param>
    /// <param name="dimension">Numbers in a vector.</param>
    /// <param name="noise">Standard deviation of a number around its centre's; the centres' own is 1.</param>
    /// <param name="seed">Seed.</param>
    public static Matrix Planted(int clusters, int each, int dimension, float noise, ulong seed)
    {
        float[] centres = Normals(clusters * dimension, seed);
        float[] values = Normals(clusters * each * dimension, seed + 1);
        for (int i = 0; i < values.Length; i++)
            values[i] = centres[i / dimension % clusters * dimension + i % dimension] + noise * values[i];
        return new Matrix(values, dimension);
    }

    /// <summary>Vectors that vary along few directions only, as images and embeddings do, and a little in all others.</summary>
    public static Matrix LowRank(int rows, int dimension, int rank, float noise, ulong seed)
    {
        float[] directions = Normals(rank * dimension, seed);
        float[] weights = Normals(rows * rank, seed + 1);
        float[] values = Normals(rows * dimension, seed + 2);
        for (int row = 0; row < rows; row++)
        {
            for (int d = 0; d < dimension; d++)
            {
                float sum = noise * values[row * dimension + d];
                for (int r = 0; r < rank; r++)
                    sum += weights[row * rank + r] * directions[r * dimension + d];
                values[row * dimension + d] = sum;
            }
        }

        return new Matrix(values, dimension);
    }

    /// <summary>Vectors with each dimension stretched.</summary>
    public static Matrix Scaled(this Matrix vectors, Func<int, float> scale)
    {
        float[] values = vectors.Span.ToArray();
        for (int i = 0; i < values.Length; i++)
            values[i] *= scale(i % vectors.Dimension);
        return new Matrix(values, vectors.Dimension);
    }
}

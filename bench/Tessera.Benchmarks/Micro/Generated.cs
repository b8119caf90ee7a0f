using Tessera.Vectors;

namespace Tessera.Benchmarks.Micro;

/// <summary>Vectors from a seed, the same on every machine.</summary>
internal static class Generated
{
    private const int Seed = 7;

    /// <summary>Independent numbers in [-1, 1).</summary>
    public static float[] Uniform(int count)
    {
        var random = new SeededRandom(Seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(2 * random.NextDouble() - 1);
        return values;
    }

    /// <summary>Vectors around 1,000 centres whose spread falls from the first number to the last, as that of embeddings does along their principal axes.</summary>
    public static Matrix Clustered(int rows, int dimension)
    {
        const int Centres = 1000;
        var random = new SeededRandom(Seed);
        var centres = new float[Centres * dimension];
        for (int i = 0; i < centres.Length; i++)
            centres[i] = (float)(random.NextNormal() * Spread(i % dimension));
        var values = new float[rows * dimension];
        for (int row = 0; row < rows; row++)
        {
            int centre = random.Next(Centres);
            for (int d = 0; d < dimension; d++)
                values[row * dimension + d] = centres[centre * dimension + d] + (float)(0.5 * random.NextNormal() * Spread(d));
        }

        return new Matrix(values, dimension);
    }

    private static double Spread(int d) => 1 / Math.Sqrt(1 + d);
}

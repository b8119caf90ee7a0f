using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Quantization;

public sealed class CodebookTests
{
    [Theory]
    [Trait("Category", "Kernels")]
    [InlineData(1, 1, 5)]
    [InlineData(7, 3, 40)]
    [InlineData(33, 17, 300)]
    [InlineData(256, 100, 700)]
    public void The_nearest_entry_is_that_of_the_distances_in_double_precision(int entries, int dimension, int rows)
    {
        Matrix vectors = Normal(rows, dimension, 1);
        var codebook = new Codebook(Normal(entries, dimension, 2));
        RequireNearest(codebook, vectors);
    }

    [Fact]
    [Trait("Category", "Kernels")]
    public void Where_rounding_would_decide_the_distances_are_taken_anew()
    {
        // Entries that differ from each other by the last bits of large numbers, and entries that are the same.
        const int Dimension = 64;
        Matrix vectors = Normal(500, Dimension, 3);
        var values = new float[40 * Dimension];
        var random = new SeededRandom(4);
        float[] large = [.. Enumerable.Range(0, Dimension).Select(_ => (float)(1000 * random.NextNormal()))];
        for (int entry = 0; entry < 40; entry++)
        {
            for (int d = 0; d < Dimension; d++)
                values[entry * Dimension + d] = large[d] * (1 + (entry % 20) * 1.2e-7f * random.Next(3));
        }

        RequireNearest(new Codebook(new Matrix(values, Dimension)), vectors);
    }

    [Fact]
    public void Equal_entries_go_to_the_lower_number()
    {
        var codebook = new Codebook(new Matrix(new float[] { 5, 5, 1, 1, 1, 1, 5, 5 }, 2));
        var nearest = new int[2];
        codebook.Nearest(new Matrix(new float[] { 1, 2, 5, 4 }, 2), nearest);
        Assert.Equal([1, 0], nearest);
    }

    [Fact]
    public void Distances_are_those_of_double_precision()
    {
        Matrix entries = Normal(10, 13, 1), vectors = Normal(1, 13, 2);
        var distances = new double[10];
        new Codebook(entries).Distances(vectors[0], distances);
        Assert.All(Enumerable.Range(0, 10), entry => Assert.Equal(SquaredDistance(vectors[0], entries[entry]), distances[entry], 1e-12));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>("entries", () => new Codebook(new Matrix(ReadOnlyMemory<float>.Empty, 3)));
        Assert.Throws<ArgumentException>("entries", () => new Codebook(new Matrix(new[] { float.NaN }, 1)));
        var codebook = new Codebook(Normal(4, 3, 1));
        Assert.Throws<ArgumentException>("vectors", () => codebook.Nearest(Normal(2, 4, 1), new int[2]));
        Assert.Throws<ArgumentException>("nearest", () => codebook.Nearest(Normal(2, 3, 1), new int[1]));
        Assert.Throws<ArgumentException>("distances", () => codebook.Distances(new float[3], new double[3]));
    }

    private static void RequireNearest(Codebook codebook, Matrix vectors)
    {
        var nearest = new int[vectors.Rows];
        codebook.Nearest(vectors, nearest);
        for (int row = 0; row < vectors.Rows; row++)
        {
            double[] distances = [.. Enumerable.Range(0, codebook.Entries.Rows).Select(entry => SquaredDistance(vectors[row], codebook.Entries[entry]))];
            // The oracle sums in another order: equal within its own last digits.
            Assert.InRange(distances[nearest[row]], 0, distances.Min() * (1 + 1e-13));
        }
    }

    private static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return sum;
    }

    private static Matrix Normal(int rows, int dimension, ulong seed)
    {
        var random = new SeededRandom(seed);
        var values = new float[rows * dimension];
        foreach (ref float value in values.AsSpan())
            value = (float)random.NextNormal();
        return new Matrix(values, dimension);
    }
}

using Tessera.Vectors;

namespace Tessera.Attention.Tests;

/// <summary>Keys, values and queries that tests make for themselves, and attention over them by the book.</summary>
internal static class Made
{
    public static float[] Normals(int count, ulong seed, float scale = 1)
    {
        var random = new SeededRandom(seed, 7);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = scale * (float)random.NextNormal();
        return values;
    }

    /// <summary>Rows around a few centres, so that trees have something to find.</summary>
    public static float[] Clustered(int rows, int dimension, ulong seed, int centres = 12, float noise = 0.2f, float scale = 1)
    {
        float[] centre = Normals(centres * dimension, seed, scale);
        float[] values = Normals(rows * dimension, seed + 1, noise * scale);
        for (int i = 0; i < values.Length; i++)
            values[i] += centre[i / dimension * 31 % centres * dimension + i % dimension];
        return values;
    }

    /// <summary>Exact attention of one query in double precision.</summary>
    public static double[] Attention(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, double? scale = null)
    {
        int dimension = query.Length, count = keys.Length / dimension;
        double factor = scale ?? (float)(1 / Math.Sqrt(dimension));
        var scores = new double[count];
        for (int i = 0; i < count; i++)
        {
            for (int d = 0; d < dimension; d++)
                scores[i] += query[d] * factor * keys[i * dimension + d];
        }

        double largest = scores.Max(), sum = 0;
        var output = new double[dimension];
        for (int i = 0; i < count; i++)
        {
            double weight = Math.Exp(scores[i] - largest);
            sum += weight;
            for (int d = 0; d < dimension; d++)
                output[d] += weight * values[i * dimension + d];
        }

        for (int d = 0; d < dimension; d++)
            output[d] /= sum;
        return output;
    }

    public static double Distance(ReadOnlySpan<float> output, ReadOnlySpan<double> truth)
    {
        double sum = 0;
        for (int d = 0; d < truth.Length; d++)
            sum += (output[d] - truth[d]) * (output[d] - truth[d]);
        return Math.Sqrt(sum);
    }

    public static double Length(ReadOnlySpan<double> vector)
    {
        double sum = 0;
        foreach (double number in vector)
            sum += number * number;
        return Math.Sqrt(sum);
    }
}

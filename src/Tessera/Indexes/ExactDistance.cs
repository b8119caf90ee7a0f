using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The distances that a user sees, taken from whole vectors.</summary>
internal static class ExactDistance
{
    /// <summary>The distance of two vectors, to the bit that which <see cref="OfMany"/> gives; for cosine both are normalised already.</summary>
    public static float Of(Metric metric, ReadOnlySpan<float> query, ReadOnlySpan<float> vector)
    {
        float distance = 0;
        OfMany(metric, query, vector, new Span<float>(ref distance));
        return distance;
    }

    /// <summary>The distances of one query to rows that lie together; a row's does not depend on how many there are.</summary>
    public static void OfMany(Metric metric, ReadOnlySpan<float> query, ReadOnlySpan<float> rows, Span<float> distances)
    {
        if (metric == Metric.L2)
        {
            Distance.SquaredL2s(query, rows, distances);
            return;
        }

        Distance.Dots(query, rows, distances);
        float offset = metric == Metric.Cosine ? 1 : 0;
        for (int i = 0; i < distances.Length; i++)
            distances[i] = offset - distances[i];
    }

    /// <summary>The largest squared norm of rows that lie together.</summary>
    public static float LargestNorm(ReadOnlySpan<float> rows, int dimension)
    {
        float largest = 0;
        for (; !rows.IsEmpty; rows = rows[dimension..])
            largest = Math.Max(largest, Distance.Dot(rows[..dimension], rows[..dimension]));
        return largest;
    }
}

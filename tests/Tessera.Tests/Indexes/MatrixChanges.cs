using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Vectors made of others.</summary>
internal static class MatrixChanges
{
    /// <summary>Every number changed; the function gets the row too.</summary>
    public static Matrix Change(this Matrix vectors, Func<float, int, float> change)
    {
        float[] values = vectors.Span.ToArray();
        for (int i = 0; i < values.Length; i++)
            values[i] = change(values[i], i / vectors.Dimension);
        return new Matrix(values, vectors.Dimension);
    }
}

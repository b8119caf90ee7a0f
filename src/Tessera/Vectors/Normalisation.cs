using Tessera.Kernels;

namespace Tessera.Vectors;

/// <summary>Scales vectors to length 1; a zero vector stays zero.</summary>
internal static class Normalisation
{
    /// <summary>A copy with every row scaled.</summary>
    public static Matrix Apply(Matrix vectors)
    {
        var copy = new float[vectors.Span.Length];
        for (int i = 0; i < vectors.Rows; i++)
            Apply(vectors[i], copy.AsSpan(i * vectors.Dimension, vectors.Dimension));
        return new Matrix(copy, vectors.Dimension);
    }

    /// <summary>Scales one vector into <paramref name="target"/>, which may be the same memory.</summary>
    public static void Apply(ReadOnlySpan<float> vector, Span<float> target)
    {
        float length = MathF.Sqrt(Distance.Dot(vector, vector));
        if (!float.IsFinite(length) || length < 1e-18f)
        {
            ApplyWide(vector, target);
            return;
        }

        float scale = 1 / length;
        for (int i = 0; i < vector.Length; i++)
            target[i] = vector[i] * scale;
    }

    /// <summary>For lengths whose squares float32 cannot hold.</summary>
    private static void ApplyWide(ReadOnlySpan<float> vector, Span<float> target)
    {
        double sum = 0;
        foreach (float value in vector)
            sum += (double)value * value;
        double scale = sum > 0 ? 1 / Math.Sqrt(sum) : 0;
        for (int i = 0; i < vector.Length; i++)
            target[i] = (float)(vector[i] * scale);
    }
}

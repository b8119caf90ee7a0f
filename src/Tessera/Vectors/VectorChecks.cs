using Tessera.Kernels;

namespace Tessera.Vectors;

/// <summary>The checks that vectors pass where they enter the engine, once.</summary>
internal static class VectorChecks
{
    /// <summary>Refuses NaN and infinite numbers, naming the first.</summary>
    public static void RequireFinite(Matrix vectors, string name)
    {
        int at = Finite.FirstBad(vectors.Span);
        if (at >= 0)
            throw new ArgumentException($"Row {at / vectors.Dimension}, column {at % vectors.Dimension} is {vectors.Span[at]}; every number must be finite.", name);
    }

    /// <summary>Refuses NaN and infinite numbers in one vector.</summary>
    public static void RequireFinite(ReadOnlySpan<float> vector, string name)
    {
        int at = Finite.FirstBad(vector);
        if (at >= 0)
            throw new ArgumentException($"Number {at} is {vector[at]}; every number must be finite.", name);
    }

    /// <summary>Refuses vectors of another dimension.</summary>
    public static void RequireDimension(int actual, int expected, string name)
    {
        if (actual != expected)
            throw new ArgumentException($"The dimension is {actual}, but this index holds vectors of dimension {expected}.", name);
    }
}

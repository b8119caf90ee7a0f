using System.Numerics.Tensors;
using Tessera.Vectors;

namespace Tessera.SemanticIds;

/// <summary>Checks of what enters, and changes that are the same bits on every machine.</summary>
internal static class Inputs
{
    /// <summary>Numbers beyond this have squares that float32 cannot add up.</summary>
    private const float Largest = 1e15f;

    /// <summary>Whether all numbers are finite and small enough; NaN is no number's equal, and so is not.</summary>
    public static bool AreMeasurable(Matrix vectors) => vectors.Rows == 0 || float.Abs(TensorPrimitives.MaxMagnitude(vectors.Span)) <= Largest;

    public static void RequireMeasurable(Matrix vectors, string name)
    {
        if (AreMeasurable(vectors))
            return;
        for (int row = 0; row < vectors.Rows; row++)
        {
            int column = IndexOfBad(vectors[row]);
            if (column >= 0)
                throw new ArgumentException($"Row {row}, column {column} is {vectors[row][column]}; every number must be finite and of size {Largest:0e0} at most.", name);
        }
    }

    /// <summary>A copy with every row at length 1, and the lengths; a zero vector stays zero.</summary>
    public static Matrix Normalised(Matrix vectors, Span<float> lengths)
    {
        var copy = vectors.Span.ToArray();
        for (int i = 0; i < vectors.Rows; i++)
            lengths[i] = Normalise(copy.AsSpan(i * vectors.Dimension, vectors.Dimension));
        return new Matrix(copy, vectors.Dimension);
    }

    /// <summary>Scales a vector to length 1 and returns its length; summed in order and in double precision, so that no machine differs.</summary>
    public static float Normalise(Span<float> vector)
    {
        double squares = 0;
        foreach (float value in vector)
            squares += (double)value * value;
        if (squares == 0)
            return 0;
        double length = Math.Sqrt(squares);
        for (int i = 0; i < vector.Length; i++)
            vector[i] = (float)(vector[i] / length);
        return (float)length;
    }

    private static int IndexOfBad(ReadOnlySpan<float> row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            if (!(float.Abs(row[i]) <= Largest))
                return i;
        }

        return -1;
    }
}

namespace Tessera.Vectors;

/// <summary>
/// An immutable view of row-major float32 vectors: <see cref="Rows"/> rows of <see cref="Dimension"/> numbers each,
/// over memory that the caller owns and does not change while Tessera reads it. Nothing is copied.
/// </summary>
public sealed class Matrix
{
    /// <summary>Wraps <paramref name="values"/> as rows of <paramref name="dimension"/> numbers.</summary>
    /// <param name="values">Row-major numbers; the length must be a multiple of <paramref name="dimension"/>.</param>
    /// <param name="dimension">Numbers in a row, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimension"/> is below 1.</exception>
    /// <exception cref="ArgumentException">The length is not a multiple of the dimension.</exception>
    public Matrix(ReadOnlyMemory<float> values, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.Length % dimension != 0)
            throw new ArgumentException(
                $"{values.Length} numbers are not a whole number of rows of dimension {dimension}.", nameof(values));
        Values = values;
        Dimension = dimension;
        Rows = values.Length / dimension;
    }

    /// <summary>Number of vectors.</summary>
    public int Rows { get; }

    /// <summary>Numbers in each vector.</summary>
    public int Dimension { get; }

    /// <summary>All numbers, row after row.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>All numbers, row after row.</summary>
    public ReadOnlySpan<float> Span => Values.Span;

    /// <summary>The vector number <paramref name="row"/>.</summary>
    public ReadOnlySpan<float> this[int row] => Values.Span.Slice(checked(row * Dimension), Dimension);

    /// <summary>A view of <paramref name="count"/> rows from row <paramref name="start"/>.</summary>
    public Matrix Slice(int start, int count) =>
        new(Values.Slice(checked(start * Dimension), checked(count * Dimension)), Dimension);

    /// <summary>Copies the rows named by <paramref name="rows"/>, in that order.</summary>
    public Matrix Select(ReadOnlySpan<int> rows)
    {
        var copy = new float[checked(rows.Length * Dimension)];
        for (int i = 0; i < rows.Length; i++)
            this[rows[i]].CopyTo(copy.AsSpan(i * Dimension, Dimension));
        return new Matrix(copy, Dimension);
    }
}

using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>
/// Reads the vectors of a file in blocks, as float32, whatever the file holds; so a file larger than memory works. Open one
/// with <see cref="VectorFile.Open"/>. Not for use by several threads at once.
/// </summary>
public abstract class VectorReader : IDisposable
{
    private protected VectorReader(string path, long rows, int dimension)
    {
        Path = path;
        Rows = rows;
        Dimension = dimension;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Vectors in the file, at least 1.</summary>
    public long Rows { get; }

    /// <summary>Numbers in each vector, at least 1.</summary>
    public int Dimension { get; }

    /// <summary>The row that the next read begins with, from 0.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the next rows, as many as the destination holds and the file has.</summary>
    /// <param name="destination">Receives whole rows; room for at least one. What is left over is not touched.</param>
    /// <returns>Rows read; 0 at the end.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than one row.</exception>
    /// <exception cref="TesseraFormatException">The file is damaged or cut short, or a number is NaN, infinite or too large for float32.</exception>
    public int Read(Span<float> destination)
    {
        if (destination.Length < Dimension)
            throw new ArgumentException($"{destination.Length} numbers have no room for a row of {Dimension}.", nameof(destination));
        int rows = (int)Math.Min(destination.Length / Dimension, Rows - Position);
        if (rows > 0)
            ReadRows(Position, destination[..(rows * Dimension)]);
        Position += rows;
        return rows;
    }

    /// <summary>Reads the next rows into a matrix of their own.</summary>
    /// <param name="maxRows">Rows wanted, at least 1.</param>
    /// <returns>That many rows, or fewer at the end; a matrix of 0 rows when nothing is left.</returns>
    /// <exception cref="TesseraFormatException">As for <see cref="Read"/>.</exception>
    public Matrix ReadBlock(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        long numbers = Math.Min(maxRows, Rows - Position) * Dimension;
        if (numbers > Array.MaxLength)
            throw new ArgumentOutOfRangeException(
                nameof(maxRows), maxRows, $"A block holds at most {Array.MaxLength / Dimension} rows of dimension {Dimension}; read several.");
        float[] values = GC.AllocateUninitializedArray<float>((int)numbers);
        if (numbers > 0)
            Read(values);
        return new Matrix(values, Dimension);
    }

    /// <summary>Goes to a row. The next read of a text or compressed file then passes over what lies between, from the beginning when the row lies behind.</summary>
    /// <param name="row">From 0; <see cref="Rows"/> is the end.</param>
    public void Seek(long row)
    {
        if (row < 0 || row > Rows)
            throw new ArgumentOutOfRangeException(nameof(row), row, $"The file has {Rows} rows.");
        Position = row;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Fills a whole number of rows, which the file claims to have, from row <paramref name="first"/> on.</summary>
    private protected abstract void ReadRows(long first, Span<float> rows);

    /// <summary>Closes what the format holds open.</summary>
    protected abstract void Dispose(bool disposing);
}

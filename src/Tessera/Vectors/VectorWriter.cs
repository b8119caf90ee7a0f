using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>
/// Writes vectors to a file in blocks. The file appears at its path only with <see cref="Commit"/>, by a rename; until
/// then the file that was there stays. Make one with <see cref="VectorFile.Create"/>. Not for use by several threads at once.
/// </summary>
public abstract class VectorWriter : IDisposable
{
    private readonly AtomicFile _file;
    private bool _failed;

    private protected VectorWriter(AtomicFile file, long rows, int dimension)
    {
        _file = file;
        Rows = rows;
        Dimension = dimension;
    }

    /// <summary>Vectors that the file is to hold.</summary>
    public long Rows { get; }

    /// <summary>Numbers in each vector.</summary>
    public int Dimension { get; }

    /// <summary>Vectors written so far.</summary>
    public long Position { get; private set; }

    /// <summary>Where the bytes go.</summary>
    private protected Stream Stream => _file.Stream;

    /// <summary>Writes the next rows.</summary>
    /// <param name="rows">Whole rows of finite numbers.</param>
    /// <exception cref="ArgumentException">These are not whole rows, or more than were announced, or a number is one that the format cannot hold.</exception>
    public void Write(ReadOnlySpan<float> rows)
    {
        if (rows.Length % Dimension != 0)
            throw new ArgumentException($"{rows.Length} numbers are not a whole number of rows of dimension {Dimension}.", nameof(rows));
        if (rows.Length / Dimension > Rows - Position)
            throw new ArgumentException($"The file was begun for {Rows} rows and has {Position}; {rows.Length / Dimension} more are too many.", nameof(rows));
        int at = Elements.IndexOfNonFinite(rows);
        if (at >= 0)
            throw new ArgumentException(
                $"Row {Position + at / Dimension}, column {at % Dimension} is {rows[at]}; only finite numbers are written.", nameof(rows));
        // Set back only when the write has succeeded: half of a block may not be committed.
        bool failed = _failed;
        _failed = true;
        WriteRows(rows);
        _failed = failed;
        Position += rows.Length / Dimension;
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{float})"/>
    public void Write(Matrix rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Dimension != Dimension)
            throw new ArgumentException($"The rows have dimension {rows.Dimension} where the file has {Dimension}.", nameof(rows));
        Write(rows.Span);
    }

    /// <summary>Flushes the file to the disk and renames it over its target. The writer is then done.</summary>
    /// <exception cref="InvalidOperationException">Fewer rows were written than announced, or an earlier write failed.</exception>
    public void Commit()
    {
        if (_failed)
            throw new InvalidOperationException("An earlier write failed; this file cannot be finished.");
        if (Position != Rows)
            throw new InvalidOperationException($"The file was begun for {Rows} rows and has {Position}; write the rest first.");
        Finish();
        _file.Commit();
    }

    /// <summary>Without <see cref="Commit"/> before it: deletes what was written and leaves the target as it was.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes whole rows of finite numbers.</summary>
    private protected abstract void WriteRows(ReadOnlySpan<float> rows);

    /// <summary>Writes what stands behind the last row.</summary>
    private protected virtual void Finish()
    {
    }

    /// <summary>Closes the file, and deletes it where it is not committed.</summary>
    protected virtual void Dispose(bool disposing) => _file.Dispose();
}

using System.Runtime.InteropServices;

namespace Tessera.Storage;

/// <summary>
/// Rows of float32 that only ever grow, in chunks that are never moved: a reader that has a snapshot is undisturbed by
/// whoever appends. Mapped files serve as the first chunks.
/// </summary>
internal sealed class RowStore(int dimension)
{
    /// <summary>Rows in a chunk are a multiple of this, so that blocks of rows never straddle two.</summary>
    public const int ChunkMultiple = 1024;

    /// <summary>Numbers in a chunk, where that is possible: 4 MiB.</summary>
    private const int ChunkNumbers = 1 << 20;

    private readonly int _rowsPerChunk = RowsPerChunk(dimension);

    /// <summary>What a reader sees: chunks of equally many rows, of which the last may be part full.</summary>
    public RowSnapshot Snapshot { get; private set; } = new([], RowsPerChunk(dimension), dimension, 0);

    /// <summary>Appends rows; one writer at a time.</summary>
    public void Append(ReadOnlySpan<float> rows)
    {
        int count = Snapshot.Rows;
        ReadOnlyMemory<float>[] chunks = Snapshot.Chunks;
        while (!rows.IsEmpty)
        {
            int chunk = count / _rowsPerChunk, at = count % _rowsPerChunk;
            int take = Math.Min(rows.Length / dimension, _rowsPerChunk - at);
            Span<float> room = Writable(ref chunks, chunk, at, take);
            rows[..(take * dimension)].CopyTo(room[(at * dimension)..]);
            rows = rows[(take * dimension)..];
            count += take;
        }

        Snapshot = new RowSnapshot(chunks, _rowsPerChunk, dimension, count);
    }

    /// <summary>Starts from rows that lie elsewhere, such as in a mapped file.</summary>
    /// <param name="read">Gives the numbers from a place on.</param>
    /// <param name="rows">How many rows there are.</param>
    public void Attach(Func<long, int, ReadOnlyMemory<float>> read, int rows)
    {
        var chunks = new ReadOnlyMemory<float>[((long)rows + _rowsPerChunk - 1) / _rowsPerChunk];
        for (int i = 0; i < chunks.Length; i++)
        {
            int count = Math.Min(_rowsPerChunk, rows - i * _rowsPerChunk);
            chunks[i] = read((long)i * _rowsPerChunk * dimension, count * dimension);
        }

        Snapshot = new RowSnapshot(chunks, _rowsPerChunk, dimension, rows);
    }
    /// <summary>A chunk with room for some rows behind those it has. One that is too small or lies in a file is copied first; snapshots keep the old one.</summary>
    private Span<float> Writable(ref ReadOnlyMemory<float>[] chunks, int chunk, int rows, int added)
    {
        ReadOnlyMemory<float> old = chunk < chunks.Length ? chunks[chunk] : default;
        int needed = (rows + added) * dimension;
        if (old.Length >= needed && MemoryMarshal.TryGetArray(old, out ArraySegment<float> array))
            return array;
        int capacity = Math.Min(_rowsPerChunk * dimension, Math.Max(needed, 2 * rows * dimension));
        float[] copy = GC.AllocateUninitializedArray<float>(capacity);
        old.Span[..(rows * dimension)].CopyTo(copy);
        ReadOnlyMemory<float>[] changed = new ReadOnlyMemory<float>[Math.Max(chunks.Length, chunk + 1)];
        chunks.CopyTo(changed, 0);
        changed[chunk] = copy;
        chunks = changed;
        return copy;
    }

    private static int RowsPerChunk(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        return Math.Max(1, ChunkNumbers / dimension / ChunkMultiple) * ChunkMultiple;
    }
}

global using RowSnapshot = Tessera.Storage.RowSnapshot<float>;
global using RowStore = Tessera.Storage.RowStore<float>;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tessera.Storage;

/// <summary>
/// Rows of numbers that only ever grow, in chunks that are never moved: a reader that has a snapshot is undisturbed by
/// whoever appends. Mapped files serve as the first chunks; further ones lie in memory or, where rows spill, in a
/// <see cref="SpillFile"/>. Rows of float32 are simply a <c>RowStore</c>.
/// </summary>
/// <param name="dimension">Numbers in a row.</param>
/// <param name="spills">Whether rows that are appended go to a file.</param>
internal sealed class RowStore<T>(int dimension, bool spills = false) : IDisposable
    where T : unmanaged
{
    /// <summary>Rows in a chunk are a multiple of this, so that blocks of rows never straddle two.</summary>
    public const int ChunkMultiple = 1024;

    /// <summary>Bytes in a chunk, where that is possible.</summary>
    private const int ChunkBytes = 4 << 20;

    /// <summary>The same in a file, where a chunk takes a mapping but no memory.</summary>
    private const int SpilledChunkBytes = 64 << 20;

    private readonly int _rowsPerChunk = RowsPerChunk(dimension, spills);
    private readonly List<ReadOnlyMemory<T>> _spilled = [];
    private SpillFile? _spill;
    private int _firstSpilled;

    /// <summary>What a reader sees: chunks of equally many rows, of which the last may be part full.</summary>
    public RowSnapshot<T> Snapshot { get; private set; } = new([], RowsPerChunk(dimension, spills), dimension, 0);

    /// <summary>Appends rows; one writer at a time.</summary>
    /// <param name="rows">Whole rows.</param>
    /// <param name="spillFolder">Where the file lies that takes them, if they spill and there is none yet; null for the system's folder.</param>
    /// <exception cref="IOException">The file cannot take them; the rows are then as they were.</exception>
    public void Append(ReadOnlySpan<T> rows, string? spillFolder = null)
    {
        int count = Snapshot.Rows;
        ReadOnlyMemory<T>[] chunks = Snapshot.Chunks;
        while (!rows.IsEmpty)
        {
            int chunk = count / _rowsPerChunk, at = count % _rowsPerChunk;
            int take = Math.Min(rows.Length / dimension, _rowsPerChunk - at);
            ReadOnlySpan<T> piece = rows[..(take * dimension)];
            if (spills)
                Spill(ref chunks, chunk, at, piece, spillFolder);
            else
                piece.CopyTo(Writable(ref chunks, chunk, at, take)[(at * dimension)..]);
            rows = rows[piece.Length..];
            count += take;
        }

        Snapshot = new RowSnapshot<T>(chunks, _rowsPerChunk, dimension, count);
    }

    /// <summary>Takes back what was appended since a snapshot of this store.</summary>
    public void Restore(RowSnapshot<T> before) => Snapshot = before;

    /// <summary>Starts from rows that lie elsewhere, such as in a mapped file.</summary>
    /// <param name="read">Gives the numbers from a place on.</param>
    /// <param name="rows">How many rows there are.</param>
    public void Attach(Func<long, int, ReadOnlyMemory<T>> read, int rows)
    {
        var chunks = new ReadOnlyMemory<T>[((long)rows + _rowsPerChunk - 1) / _rowsPerChunk];
        for (int i = 0; i < chunks.Length; i++)
        {
            int count = Math.Min(_rowsPerChunk, rows - i * _rowsPerChunk);
            chunks[i] = read((long)i * _rowsPerChunk * dimension, count * dimension);
        }

        Snapshot = new RowSnapshot<T>(chunks, _rowsPerChunk, dimension, rows);
    }

    /// <summary>Gives up the file, if there is one; no reader may be at work.</summary>
    public void Dispose() => _spill?.Dispose();

    /// <summary>A chunk with room for some rows behind those it has. One that is too small or lies in a file is copied first; snapshots keep the old one.</summary>
    private Span<T> Writable(ref ReadOnlyMemory<T>[] chunks, int chunk, int rows, int added)
    {
        ReadOnlyMemory<T> old = chunk < chunks.Length ? chunks[chunk] : default;
        int needed = (rows + added) * dimension;
        if (old.Length >= needed && MemoryMarshal.TryGetArray(old, out ArraySegment<T> array))
            return array;
        int capacity = Math.Min(_rowsPerChunk * dimension, Math.Max(needed, 2 * rows * dimension));
        T[] copy = GC.AllocateUninitializedArray<T>(capacity);
        old.Span[..(rows * dimension)].CopyTo(copy);
        Put(ref chunks, chunk, copy);
        return copy;
    }

    /// <summary>Writes rows to the file behind those that a chunk has. A chunk that lies elsewhere is copied there first.</summary>
    private void Spill(ref ReadOnlyMemory<T>[] chunks, int chunk, int rows, ReadOnlySpan<T> added, string? folder)
    {
        if (_spill is null)
            (_spill, _firstSpilled) = (SpillFile.Create(folder), chunk);
        int number = chunk - _firstSpilled, length = _rowsPerChunk * dimension;
        long start = (long)number * length * Unsafe.SizeOf<T>();
        ReadOnlyMemory<T> old = chunk < chunks.Length ? chunks[chunk] : default;
        bool there = number < _spilled.Count && old.Equals(_spilled[number]);
        if (!there)
            _spill.Write(start, old.Span[..(rows * dimension)]);
        _spill.Write(start + (long)rows * dimension * Unsafe.SizeOf<T>(), added);
        if (there)
            return;
        // The mapping may be left from an attempt that failed later on.
        if (number == _spilled.Count)
            _spilled.Add(_spill.Map<T>(start, length));
        Put(ref chunks, chunk, _spilled[number]);
    }

    private static void Put(ref ReadOnlyMemory<T>[] chunks, int chunk, ReadOnlyMemory<T> memory)
    {
        var changed = new ReadOnlyMemory<T>[Math.Max(chunks.Length, chunk + 1)];
        chunks.CopyTo(changed, 0);
        changed[chunk] = memory;
        chunks = changed;
    }

    private static int RowsPerChunk(int dimension, bool spills)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        int numbers = (spills ? SpilledChunkBytes : ChunkBytes) / Unsafe.SizeOf<T>();
        return Math.Max(1, numbers / dimension / ChunkMultiple) * ChunkMultiple;
    }
}

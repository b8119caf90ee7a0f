namespace Tessera.Storage;

/// <summary>The rows of a <see cref="RowStore{T}"/> at one moment. Rows that spilled are there as long as it is alive, or until the store is disposed.</summary>
internal sealed class RowSnapshot<T>(ReadOnlyMemory<T>[] chunks, int rowsPerChunk, int dimension, int rows)
    where T : unmanaged
{
    public ReadOnlyMemory<T>[] Chunks => chunks;

    public int Rows => rows;

    public int Dimension => dimension;

    /// <summary>Bytes of all chunks, spare room included.</summary>
    public unsafe long Bytes => chunks.Sum(chunk => (long)chunk.Length) * sizeof(T);

    public ReadOnlySpan<T> this[int row] => chunks[row / rowsPerChunk].Span.Slice(row % rowsPerChunk * dimension, dimension);

    /// <summary>Rows that lie together: as many as there are from a row to the end of its chunk, at most <paramref name="most"/>.</summary>
    public ReadOnlySpan<T> Run(int row, int most)
    {
        int at = row % rowsPerChunk;
        int count = Math.Min(Math.Min(most, rowsPerChunk - at), rows - row);
        return chunks[row / rowsPerChunk].Span.Slice(at * dimension, count * dimension);
    }

    /// <summary>Has the system fetch a row that will soon be read, if it lies in a file.</summary>
    public void Fetch(int row) => MappedMemory<T>.Fetch(chunks[row / rowsPerChunk].Slice(row % rowsPerChunk * dimension, dimension));

    /// <summary>Copies rows that follow each other; those in a file are read from there (see <see cref="MappedMemory{T}.Copy"/>).</summary>
    /// <param name="row">The first.</param>
    /// <param name="target">Room for whole rows, no more than there are.</param>
    public void CopyTo(int row, Span<T> target)
    {
        while (!target.IsEmpty)
        {
            int at = row % rowsPerChunk, count = Math.Min(target.Length / dimension, rowsPerChunk - at);
            MappedMemory<T>.Copy(chunks[row / rowsPerChunk].Slice(at * dimension, count * dimension), target);
            target = target[(count * dimension)..];
            row += count;
        }
    }

    /// <summary>Copies of some rows, in the order given.</summary>
    public RowStore<T> Gather(ReadOnlySpan<int> members, CancellationToken cancellationToken)
    {
        var gathered = new RowStore<T>(dimension);
        AppendTo(gathered, members, null, cancellationToken);
        return gathered;
    }

    /// <summary>Appends copies of some rows to a store.</summary>
    /// <param name="target">The store.</param>
    /// <param name="members">The rows, ascending.</param>
    /// <param name="spillFolder">For a store that spills.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public void AppendTo(RowStore<T> target, ReadOnlySpan<int> members, string? spillFolder, CancellationToken cancellationToken)
    {
        const int Block = RowStore.ChunkMultiple;
        var block = new T[Math.Min(Block, members.Length) * dimension];
        for (int start = 0; start < members.Length; start += Block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(Block, members.Length - start);
            for (int i = 0, run; i < count; i += run)
            {
                run = 1;
                while (i + run < count && members[start + i + run] == members[start + i] + run)
                    run++;
                CopyTo(members[start + i], block.AsSpan(i * dimension, run * dimension));
            }

            target.Append(block.AsSpan(0, count * dimension), spillFolder);
        }
    }
}

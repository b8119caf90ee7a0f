namespace Tessera.Storage;

/// <summary>The rows of a <see cref="RowStore"/> at one moment.</summary>
internal sealed class RowSnapshot(ReadOnlyMemory<float>[] chunks, int rowsPerChunk, int dimension, int rows)
{
    public ReadOnlyMemory<float>[] Chunks => chunks;

    public int Rows => rows;

    public int Dimension => dimension;

    /// <summary>Bytes of all chunks, spare room included.</summary>
    public long Bytes => chunks.Sum(chunk => (long)chunk.Length * sizeof(float));

    public ReadOnlySpan<float> this[int row] => chunks[row / rowsPerChunk].Span.Slice(row % rowsPerChunk * dimension, dimension);

    /// <summary>Rows that lie together: as many as there are from a row to the end of its chunk, at most <paramref name="most"/>.</summary>
    public ReadOnlySpan<float> Run(int row, int most)
    {
        int at = row % rowsPerChunk;
        int count = Math.Min(Math.Min(most, rowsPerChunk - at), rows - row);
        return chunks[row / rowsPerChunk].Span.Slice(at * dimension, count * dimension);
    }

    /// <summary>Copies of some rows, in the order given.</summary>
    public RowStore Gather(ReadOnlySpan<int> members, CancellationToken cancellationToken)
    {
        const int Block = RowStore.ChunkMultiple;
        var gathered = new RowStore(dimension);
        var block = new float[Math.Min(Block, members.Length) * dimension];
        for (int start = 0; start < members.Length; start += Block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(Block, members.Length - start);
            for (int i = 0; i < count; i++)
                this[members[start + i]].CopyTo(block.AsSpan(i * dimension));
            gathered.Append(block.AsSpan(0, count * dimension));
        }

        return gathered;
    }
}

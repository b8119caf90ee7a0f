using Tessera.Vectors;

namespace Tessera.Cli.Hosting;

/// <summary>Reads a file of vectors from beginning to end in blocks.</summary>
internal static class VectorBlocks
{
    // Large enough that all threads have work in each block, small enough to stand beside an index in memory.
    private const int BlockNumbers = 1 << 24;

    /// <summary>The rows of the file from the first on. Each block is overwritten by the next.</summary>
    public static IEnumerable<Matrix> Blocks(this VectorReader reader, CancellationToken cancellationToken, int blockNumbers = BlockNumbers)
    {
        reader.Seek(0);
        long rows = Math.Clamp(blockNumbers / reader.Dimension, 1, reader.Rows);
        var buffer = new float[rows * reader.Dimension];
        int read;
        while ((read = reader.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Matrix(buffer.AsMemory(0, read * reader.Dimension), reader.Dimension);
        }
    }
}

using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Sketches of the rows of a flat index, in whole blocks, made when a batch large enough to profit first asks for them.
/// A product of sketches rules most rows out before they are measured; what is ruled out follows from a theorem (see
/// <see cref="Sketch"/>), so the search stays exact.
/// </summary>
internal sealed class RowSketches : IDisposable
{
    /// <summary>Rows in a block; chunks of a <see cref="RowStore"/> hold whole blocks.</summary>
    public const int BlockRows = RowStore.ChunkMultiple;

    /// <summary>Dimension below which a sketch would not be much shorter than the vector.</summary>
    private const int LeastDimension = 256;

    private const int LeastRows = 8 * BlockRows;
    private const int LeastQueries = 32;

    private readonly Lock _lock = new();
    private Sketch? _sketch;
    private Block[] _blocks = [];
    private bool _useless;

    public long Bytes => Volatile.Read(ref _blocks).Sum(block => block.Panels.Bytes + (long)block.Norms.Length * sizeof(float));

    /// <summary>Whether a search of this size should ask for sketches.</summary>
    public bool Suit(RowSnapshot rows, int queries) =>
        !Volatile.Read(ref _useless) && rows.Dimension >= LeastDimension && rows.Rows >= LeastRows && queries >= LeastQueries;

    /// <summary>Says that sketches rule out too little here: the data vary alike in all directions.</summary>
    public void GiveUp() => Volatile.Write(ref _useless, true);

    /// <summary>The sketches of all whole blocks of these rows, and of no more: a search of later rows may have made longer ones.</summary>
    public Block[] Cover(RowSnapshot rows, int threads, CancellationToken cancellationToken)
    {
        int wanted = rows.Rows / BlockRows;
        Block[] blocks = Volatile.Read(ref _blocks);
        if (blocks.Length >= wanted)
            return blocks[..wanted];
        lock (_lock)
        {
            blocks = _blocks;
            if (blocks.Length >= wanted)
                return blocks[..wanted];
            _sketch ??= Sketch.Learn(Sample(rows), seed: 0, threads, cancellationToken);
            var longer = new Block[wanted];
            blocks.CopyTo(longer, 0);
            int have = blocks.Length;
            Workers.For(wanted - have, threads, (i, _) => longer[have + i] = Make(rows, have + i), cancellationToken);
            Volatile.Write(ref _blocks, longer);
            return longer;
        }
    }

    /// <summary>Sketches queries as the left operand.</summary>
    public void PackLeft(Matrix queries, ReadOnlySpan<float> norms, Panels target) => _sketch!.PackLeft(queries, norms, target);

    public void Dispose()
    {
        _sketch?.Dispose();
        foreach (Block block in _blocks)
            block.Panels.Dispose();
        _blocks = [];
    }

    private Block Make(RowSnapshot rows, int block)
    {
        int dimension = rows.Dimension, step = MatrixProduct.BlockSize(dimension);
        Panels sketches = Panels.Right().Reset(BlockRows, _sketch!.Length);
        var norms = new float[BlockRows];
        using Panels whole = Panels.Right();
        for (int start = 0; start < BlockRows; start += step)
        {
            int count = Math.Min(step, BlockRows - start);
            ReadOnlySpan<float> run = rows.Run(block * BlockRows + start, count);
            Distance.SquaredNorms(run, dimension, norms.AsSpan(start, count));
            _sketch.Pack(whole.Pack(run, count, dimension, dimension), norms.AsSpan(start, count), sketches, start / Panels.RightWidth);
        }

        return new Block(sketches, norms);
    }

    private static Matrix Sample(RowSnapshot rows)
    {
        var random = new SeededRandom(0, 0x5EC7);
        int[] chosen = random.Sample(Math.Min(PrincipalDirections.SampleRows, rows.Rows), rows.Rows);
        var sample = new float[chosen.Length * rows.Dimension];
        for (int i = 0; i < chosen.Length; i++)
            rows[chosen[i]].CopyTo(sample.AsSpan(i * rows.Dimension));
        return new Matrix(sample, rows.Dimension);
    }

    /// <summary>The sketches and squared norms of <see cref="BlockRows"/> rows.</summary>
    internal sealed record Block(Panels Panels, float[] Norms);
}

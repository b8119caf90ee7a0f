using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>Assigns by the matrix product with a fused argmin: every vector against every centroid, at the speed of the multiply-adds.</summary>
internal sealed class ProductAssigner : Assigner
{
    private readonly Matrix _vectors;
    private readonly int _threads;
    private readonly int _block;
    private readonly Panels _left = Panels.Left();
    private readonly BlockScratch[] _scratch;

    public ProductAssigner(Matrix vectors, int threads)
    {
        _vectors = vectors;
        _threads = Workers.Count(threads);
        _block = MatrixProduct.BlockSize(vectors.Dimension);
        _scratch = new BlockScratch[_threads];
        for (int i = 0; i < _threads; i++)
            _scratch[i] = new BlockScratch(_block);
    }

    public override void Assign(Matrix centroids, ReadOnlyMemory<float> shifts, int[] assignments, CancellationToken cancellationToken) =>
        Nearest(centroids, assignments, default, cancellationToken);

    /// <summary>Nearest centroids and, where there is room for them, the squared distances.</summary>
    public void Nearest(Matrix centroids, Memory<int> nearest, Memory<float> distances, CancellationToken cancellationToken)
    {
        int dimension = _vectors.Dimension;
        _left.Pack(centroids.Span, centroids.Rows, dimension, dimension);
        var norms = new float[centroids.Rows];
        Distance.SquaredNorms(centroids.Span, dimension, norms);
        int blocks = (_vectors.Rows + _block - 1) / _block;
        Workers.For(blocks, _threads, (block, worker) =>
        {
            BlockScratch scratch = _scratch[worker];
            int start = block * _block;
            int count = Math.Min(_block, _vectors.Rows - start);
            ReadOnlySpan<float> rows = _vectors.Span.Slice(start * dimension, count * dimension);
            scratch.Right.Pack(rows, count, dimension, dimension);
            NearestLeft.Find(_left, norms, scratch.Right, 0, scratch.Right.PanelCount, scratch.Best, scratch.Index);
            scratch.Index.AsSpan(0, count).CopyTo(nearest.Span[start..]);
            if (!distances.IsEmpty)
            {
                // The product lost the digits that two large norms share; the winner's distance is taken anew.
                Span<float> target = distances.Span.Slice(start, count);
                for (int i = 0; i < count; i++)
                    target[i] = Distance.SquaredL2(rows.Slice(i * dimension, dimension), centroids[scratch.Index[i]]);
            }
        }, cancellationToken);
    }

    public override void Dispose()
    {
        _left.Dispose();
        foreach (BlockScratch scratch in _scratch)
            scratch.Right.Dispose();
    }

    private sealed class BlockScratch(int block)
    {
        public Panels Right { get; } = Panels.Right();

        public float[] Best { get; } = new float[block];

        public int[] Index { get; } = new int[block];
    }
}

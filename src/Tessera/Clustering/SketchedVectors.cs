using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>The sketches and squared norms of a set of vectors, packed for the matrix product; whole vectors where a sketch would not be shorter.</summary>
internal sealed class SketchedVectors : IDisposable
{
    private readonly Sketch? _sketch;

    private SketchedVectors(Matrix vectors, Sketch? sketch, int threads, CancellationToken cancellationToken)
    {
        _sketch = sketch;
        int dimension = vectors.Dimension;
        Length = sketch?.Length ?? dimension;
        Panels.Reset(vectors.Rows, Length);
        Norms = new float[Panels.PanelCount * Panels.RightWidth];
        int block = MatrixProduct.BlockSize(dimension), workers = Workers.Count(threads);
        var scratch = new Panels[workers];
        for (int i = 0; i < workers; i++)
            scratch[i] = Kernels.Panels.Right();
        Workers.For((vectors.Rows + block - 1) / block, workers, (piece, worker) =>
        {
            int start = piece * block, count = Math.Min(block, vectors.Rows - start), firstPanel = start / Panels.RightWidth;
            ReadOnlySpan<float> rows = vectors.Span.Slice(start * dimension, count * dimension);
            Distance.SquaredNorms(rows, dimension, Norms.AsSpan(start, count));
            Panels whole = scratch[worker].Pack(rows, count, dimension, dimension);
            if (sketch is null)
                Panels.CopyFrom(whole, firstPanel);
            else
                sketch.Pack(whole, Norms.AsSpan(start, whole.PanelCount * Panels.RightWidth), Panels, firstPanel);
        }, cancellationToken);
        foreach (Panels panels in scratch)
            panels.Dispose();
    }

    /// <summary>Numbers in a sketch.</summary>
    public int Length { get; }

    /// <summary>The sketches, as the right operand.</summary>
    public Panels Panels { get; } = Panels.Right();

    /// <summary>Squared norms of the whole vectors, padded to whole panels.</summary>
    public float[] Norms { get; }

    public static SketchedVectors Create(Matrix vectors, ulong seed, int threads, CancellationToken cancellationToken) =>
        new(vectors, Sketch.Worthwhile(vectors) ? Sketch.Learn(vectors, seed, threads, cancellationToken) : null, threads, cancellationToken);

    /// <summary>Sketches other vectors as the left operand.</summary>
    public void PackLeft(Matrix rows, ReadOnlySpan<float> norms, Panels target)
    {
        if (_sketch is null)
            target.Pack(rows.Span, rows.Rows, rows.Dimension, rows.Dimension);
        else
            _sketch.PackLeft(rows, norms, target);
    }

    public void Dispose()
    {
        _sketch?.Dispose();
        Panels.Dispose();
    }
}

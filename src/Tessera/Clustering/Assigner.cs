using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>Finds the nearest centroid of every vector, iteration after iteration; may remember what helps the next one.</summary>
internal abstract class Assigner : IDisposable
{
    /// <summary>Makes the assigner that suits the shape of the data.</summary>
    public static Assigner Create(Matrix vectors, ulong seed, int threads, CancellationToken cancellationToken) =>
        Sketch.Worthwhile(vectors)
            ? new SketchAssigner(vectors, SketchedVectors.Create(vectors, seed, threads, cancellationToken), threads)
            : new ProductAssigner(vectors, threads);

    /// <summary>Writes the nearest centroid of every vector to <paramref name="assignments"/>.</summary>
    /// <param name="centroids">All centroids.</param>
    /// <param name="shifts">How far (not squared) each centroid has moved since the call before; empty at the first call of a run, when nothing may be remembered.</param>
    /// <param name="assignments">On entry the clusters of the call before, on return those of this one.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public abstract void Assign(Matrix centroids, ReadOnlyMemory<float> shifts, int[] assignments, CancellationToken cancellationToken);

    public abstract void Dispose();
}

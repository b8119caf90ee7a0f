using Tessera.Kernels;

namespace Tessera.Clustering;

/// <summary>What one thread needs to measure vectors by a mixture.</summary>
internal sealed class MixtureScratch(int dimension, int components) : IDisposable
{
    public Panels Left { get; } = Panels.Left();

    public float[] Differences { get; } = new float[MixtureDensity.Piece * dimension];

    public float[] Whitened { get; } = new float[MixtureDensity.Piece * dimension];

    public float[] Distances { get; } = new float[MixtureDensity.Piece];

    public double[] Logs { get; } = new double[MixtureDensity.Piece * components];

    /// <summary>Bytes of one.</summary>
    public static long Size(int dimension, int components) => MixtureDensity.Piece * (4L * (3 * dimension + 1) + 8L * components);

    public void Dispose() => Left.Dispose();
}

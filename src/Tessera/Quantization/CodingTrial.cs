using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>How well product codes would do: short k-means runs on a few parts, to compare ways of coding the same vectors.</summary>
internal static class CodingTrial
{
    private const int Trials = 8;
    private const int Iterations = 6;

    /// <summary>The squared error of coding the parts that are tried, summed over the vectors tried.</summary>
    /// <param name="vectors">What is to be coded.</param>
    /// <param name="order">The order in which codes take the dimensions; null for the given one.</param>
    /// <param name="parts">Parts of a code.</param>
    /// <param name="bits">Bits of each part.</param>
    /// <param name="options">Seed, threads and sizes of training.</param>
    /// <param name="cancellationToken">Stops within a run.</param>
    public static double Error(Matrix vectors, DimensionOrder? order, int parts, int bits, BuildOptions options, CancellationToken cancellationToken)
    {
        var errors = new double[Math.Min(Trials, parts)];
        Workers.For(errors.Length, options.Threads, (i, _) =>
        {
            // Spread over the vector, each in the middle of its stretch.
            int part = (int)((i + 0.5) * parts / errors.Length);
            errors[i] = KMeans.Fit(ProductQuantizer.Part(vectors, part, vectors.Dimension / parts, order), new KMeansOptions
            {
                Clusters = 1 << bits,
                Iterations = Iterations,
                Init = KMeansInit.PlusPlus,
                MaxPointsPerCluster = options.MaxPointsPerCentroid,
                Seed = options.Seed,
                Threads = 1,
            }, null, cancellationToken).Inertia;
        }, cancellationToken);
        return errors.Sum();
    }
}

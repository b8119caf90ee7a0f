using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Whether residuals can be coded with a smaller error than the vectors themselves, by short trials on a few parts.
/// Subtracting a centroid takes the lists' variance away, but also what is exactly zero in sparse data.
/// </summary>
internal static class ResidualChoice
{
    private const int Trials = 8;
    private const int Iterations = 6;

    public static bool Better(Matrix residuals, Matrix vectors, IvfPqOptions shape, BuildOptions options, CancellationToken cancellationToken)
    {
        int trials = Math.Min(Trials, shape.Subquantizers);
        var errors = new double[2 * trials];
        Workers.For(errors.Length, options.Threads, (i, _) =>
        {
            // Spread over the vector, each in the middle of its stretch.
            int part = (int)((i / 2 + 0.5) * shape.Subquantizers / trials);
            Matrix trial = ProductQuantizer.Part(i % 2 == 0 ? residuals : vectors, part, vectors.Dimension / shape.Subquantizers);
            errors[i] = KMeans.Fit(trial, new KMeansOptions
            {
                Clusters = 1 << shape.Bits,
                Iterations = Iterations,
                Init = KMeansInit.PlusPlus,
                MaxPointsPerCluster = options.MaxPointsPerCentroid,
                Seed = options.Seed,
                Threads = 1,
            }, null, cancellationToken).Inertia;
        }, cancellationToken);
        double ofResiduals = 0, ofVectors = 0;
        for (int i = 0; i < trials; i++)
        {
            ofResiduals += errors[2 * i];
            ofVectors += errors[2 * i + 1];
        }

        return ofResiduals <= ofVectors;
    }
}

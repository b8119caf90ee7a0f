using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>Learns the codebooks of a residual quantiser.</summary>
internal static class ResidualTraining
{
    /// <returns>The entries of all levels, one after the other.</returns>
    public static float[] Run(ResidualQuantizer quantizer, Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        sample = Reduce(sample, quantizer.Centroids, options);
        int dimension = quantizer.Dimension, size = quantizer.Centroids * dimension;
        var codebooks = new float[quantizer.Levels * size];
        Matrix residuals = sample;
        for (int level = 0; level < quantizer.Levels; level++)
        {
            Matrix centroids = ProgressiveKMeans.Fit(residuals, new KMeansOptions
            {
                Clusters = quantizer.Centroids,
                Iterations = options.CodebookIterations,
                Init = KMeansInit.PlusPlus,
                MaxPointsPerCluster = 0,
                Seed = options.Seed + (ulong)level,
                Threads = options.Threads,
            }, cancellationToken);
            centroids.Span.CopyTo(codebooks.AsSpan(level * size));
            if (level < quantizer.Levels - 1)
                residuals = Leave(quantizer, sample, residuals, codebooks.AsSpan(0, (level + 1) * size).ToArray(), options.Threads, cancellationToken);
            progress?.Report(new TrainingProgress("codebooks", level + 1, quantizer.Levels));
        }

        return codebooks;
    }

    private static Matrix Reduce(Matrix sample, int centroids, BuildOptions options)
    {
        long most = options.MaxPointsPerCentroid == 0
            ? sample.Rows
            : (long)Math.Max(options.MaxPointsPerCentroid, ProductQuantizer.LeastSample / centroids) * centroids;
        return sample.Rows <= most ? sample : sample.Select(new SeededRandom(options.Seed, 0x5E51D).Sample((int)most, sample.Rows));
    }

    /// <summary>What the codebooks so far leave of the sample.</summary>
    private static Matrix Leave(ResidualQuantizer quantizer, Matrix sample, Matrix residuals, float[] codebooks, int threads, CancellationToken cancellationToken)
    {
        if (quantizer.Beam == 1)
        {
            // What the codebooks before left is known: only the last one is to be taken away.
            codebooks = codebooks[^(quantizer.Centroids * quantizer.Dimension)..];
            sample = residuals;
        }

        using var encoder = new ResidualEncoder(codebooks, quantizer.Dimension, quantizer.Centroids, quantizer.Beam);
        var numbers = new ushort[(long)sample.Rows * encoder.Levels];
        encoder.Encode(sample, numbers, threads, cancellationToken);
        return Residuals(sample, codebooks, numbers, quantizer.Centroids, threads);
    }

    /// <summary>What the entries that codes name leave of vectors.</summary>
    private static Matrix Residuals(Matrix vectors, float[] codebooks, ushort[] numbers, int centroids, int threads)
    {
        int dimension = vectors.Dimension, levels = numbers.Length / vectors.Rows;
        float[] residuals = vectors.Span.ToArray();
        const int Block = 1024;
        Workers.For((vectors.Rows + Block - 1) / Block, threads, (block, _) =>
        {
            for (int i = block * Block; i < Math.Min(vectors.Rows, (block + 1) * Block); i++)
            {
                for (int level = 0; level < levels; level++)
                    Accumulate.AddScaled(residuals.AsSpan(i * dimension, dimension), -1, codebooks.AsSpan((level * centroids + numbers[i * levels + level]) * dimension, dimension));
            }
        });
        return new Matrix(residuals, dimension);
    }
}

using System.Numerics.Tensors;
using Tessera.Clustering;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Codes;

/// <summary>Learns one codebook after the other, each on what those before leave.</summary>
internal sealed class LevelTraining(RQKMeansOptions options, int threads, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>Between the seeds of one level's runs, far more than there are levels.</summary>
    private const ulong SeedsApart = 1_000_003;

    public ResidualLevels Run(Matrix vectors)
    {
        int[] clusters = options.ClustersByLevel();
        var codebooks = new List<Matrix>();
        float[]? scales = options.NormalizeResiduals ? new float[clusters.Length] : null;
        Matrix residuals = vectors;
        for (int level = 0; level < clusters.Length; level++)
        {
            if (scales is not null)
            {
                var lengths = new float[residuals.Rows];
                residuals = Inputs.Normalised(residuals, lengths);
                scales[level] = (float)lengths.Average(length => (double)length);
            }

            Matrix entries = Cluster(residuals, clusters, level);
            codebooks.Add(entries);
            if (level < clusters.Length - 1)
                residuals = Leave(residuals, entries);
        }

        return new ResidualLevels(codebooks, scales);
    }

    private Matrix Cluster(Matrix residuals, int[] clusters, int level)
    {
        ulong seed = options.Seed + (ulong)level;
        if (options.Implementation == RQKMeansImplementation.Constrained)
        {
            var balanced = new BalancedKMeansOptions
            {
                Clusters = clusters[level],
                Iterations = options.Iterations,
                Redo = options.Redo,
                Tolerance = options.Tolerance,
                Seed = seed,
                Threads = threads,
            };
            IterationProgress? iterations = progress is null ? null : new IterationProgress(progress, options, level, clusters.Length);
            return BalancedKMeans.Fit(residuals, balanced, iterations, cancellationToken).Centroids;
        }

        Matrix? best = null;
        double least = double.PositiveInfinity;
        for (int run = 0; run < options.Redo; run++)
        {
            var plain = new KMeansOptions
            {
                Clusters = clusters[level],
                Iterations = options.Iterations,
                Tolerance = options.Tolerance,
                Seed = seed + (ulong)run * SeedsApart,
                Threads = threads,
            };
            Matrix entries = ProgressiveKMeans.Fit(residuals, plain, cancellationToken);
            double error = options.Redo == 1 ? 0 : SumOfSquares(Leave(residuals, entries));
            if (error < least)
                (best, least) = (entries, error);
            progress?.Report(new TrainingProgress("fitting", level * options.Redo + run + 1, (long)clusters.Length * options.Redo));
        }

        return best!;
    }

    private static double SumOfSquares(Matrix vectors)
    {
        double sum = 0;
        for (int i = 0; i < vectors.Rows; i++)
            sum += TensorPrimitives.SumOfSquares(vectors[i]);
        return sum;
    }

    /// <summary>What a level leaves, by the rule that new vectors are coded by.</summary>
    private Matrix Leave(Matrix residuals, Matrix entries)
    {
        var level = new ResidualLevels([entries]);
        SemanticCodes codes = options.Implementation == RQKMeansImplementation.Constrained
            ? level.EncodeEvenly(residuals, threads, null, cancellationToken)
            : level.Encode(residuals, threads, null, cancellationToken);
        return level.Without(residuals, 0, codes.Values.Span);
    }

    /// <summary>Iterations of all levels as one count; the balance takes long enough to be watched.</summary>
    private sealed class IterationProgress(IProgress<TrainingProgress> progress, RQKMeansOptions options, int level, int levels) : IProgress<KMeansIteration>
    {
        private readonly long _each = (long)options.Redo * options.Iterations;

        public void Report(KMeansIteration value) =>
            progress.Report(new TrainingProgress("fitting", level * _each + (long)value.Run * options.Iterations + value.Iteration + 1, levels * _each));
    }
}

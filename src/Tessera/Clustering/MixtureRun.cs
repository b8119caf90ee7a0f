using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>One run of expectation maximisation from one start.</summary>
internal sealed class MixtureRun(Matrix vectors, GaussianMixtureOptions options, int block, double variance, int run, IProgress<MixtureIteration>? progress)
{
    /// <summary>Vectors for each component that the start is found by.</summary>
    private const int StartPoints = 4096;

    private readonly int _components = options.Components;
    private readonly MixtureMoments _moments = new(options.Covariance, vectors.Dimension, options.Components, options.Threads);
    private readonly float[] _probabilities = new float[block * options.Components];
    private readonly double[] _likelihoods = new double[block];

    public (MixtureDensity Density, List<MixtureIteration> History) Run(CancellationToken cancellationToken)
    {
        MixtureDensity density = Start(cancellationToken);
        var history = new List<MixtureIteration>();
        var scratch = new MixtureScratch?[Workers.Count(options.Threads)];
        try
        {
            MixtureDensity before = density;
            for (int iteration = 0; ; iteration++)
            {
                double likelihood = Expect(density, scratch, cancellationToken);
                var report = new MixtureIteration(_components, run, iteration, likelihood);
                double gain = iteration == 0 ? double.PositiveInfinity : likelihood - history[^1].LogLikelihood;
                // Regularisation can cost more than a step gains; then the step before was the better one.
                if (gain < 0)
                    return (before, history);
                history.Add(report);
                progress?.Report(report);
                if (gain < options.Tolerance || iteration == options.Iterations)
                    return (density, history);
                before = density;
                density = _moments.Maximise(vectors.Rows, density.Means, variance, Regularisation);
            }
        }
        finally
        {
            foreach (MixtureScratch? used in scratch)
                used?.Dispose();
        }
    }

    private double Regularisation => options.Regularisation * variance;

    /// <summary>The mixture of the clusters of k-means, as if each vector belonged to its own alone.</summary>
    private MixtureDensity Start(CancellationToken cancellationToken)
    {
        KMeansResult clusters = KMeans.Fit(vectors, new KMeansOptions
        {
            Clusters = _components,
            MaxPointsPerCluster = StartPoints,
            Seed = options.Seed + (ulong)run,
            Threads = options.Threads,
        }, null, cancellationToken);
        float[] centroids = clusters.Centroids.Values.ToArray();
        _moments.Clear();
        for (int start = 0; start < vectors.Rows; start += block)
        {
            Matrix rows = vectors.Slice(start, Math.Min(block, vectors.Rows - start));
            int[] nearest = clusters.Assign(rows, options.Threads, cancellationToken);
            Array.Clear(_probabilities);
            for (int i = 0; i < nearest.Length; i++)
                _probabilities[i * _components + nearest[i]] = 1;
            _moments.Add(rows, _probabilities, centroids, cancellationToken);
        }

        return _moments.Maximise(vectors.Rows, centroids, variance, Regularisation);
    }

    /// <summary>Adds all vectors to the moments of the components, by their probabilities.</summary>
    /// <returns>The mean log-likelihood of a vector.</returns>
    private double Expect(MixtureDensity density, MixtureScratch?[] scratch, CancellationToken cancellationToken)
    {
        _moments.Clear();
        double sum = 0;
        for (int start = 0; start < vectors.Rows; start += block)
        {
            Matrix rows = vectors.Slice(start, Math.Min(block, vectors.Rows - start));
            Workers.For((rows.Rows + MixtureDensity.Piece - 1) / MixtureDensity.Piece, options.Threads, (piece, worker) =>
            {
                int first = piece * MixtureDensity.Piece, count = Math.Min(MixtureDensity.Piece, rows.Rows - first);
                density.Measure(
                    rows.Slice(first, count).Span,
                    _probabilities.AsSpan(first * _components, count * _components),
                    _likelihoods.AsSpan(first, count),
                    scratch[worker] ??= new MixtureScratch(vectors.Dimension, _components));
            }, cancellationToken);
            for (int i = 0; i < rows.Rows; i++)
                sum += _likelihoods[i];
            _moments.Add(rows, _probabilities, density.Means, cancellationToken);
        }

        return sum / vectors.Rows;
    }
}

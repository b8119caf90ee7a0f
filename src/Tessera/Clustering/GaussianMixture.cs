using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// Gaussian mixtures by expectation maximisation (Dempster, Laird and Rubin, 1977), started by k-means: clusters of unlike
/// size and spread that overlap, in which a vector belongs to several to some degree. The number of components can be chosen
/// by the Bayesian information criterion (Schwarz, 1978).
/// Not for hundreds of dimensions as they are (project them first), nor where each vector simply needs its nearest centre:
/// <see cref="KMeans"/> is many times faster.
/// Time of an iteration O(n K d) with diagonal covariances and O(n K d^2) with full ones; memory as
/// <see cref="GaussianMixtureOptions.MaxBytes"/> allows.
/// </summary>
public static class GaussianMixture
{
    private const int MostBlock = 1 << 15;

    /// <summary>Fits a mixture to the rows of <paramref name="vectors"/>.</summary>
    /// <param name="vectors">At least as many rows as components; all numbers finite, and of size 1e15 at most.</param>
    /// <param name="options">Number of components and settings.</param>
    /// <param name="progress">Told after each iteration; null for nobody.</param>
    /// <param name="cancellationToken">Stops within an iteration.</param>
    /// <exception cref="ArgumentException">A setting or the data are out of range; the message says what would be right.</exception>
    /// <exception cref="InvalidOperationException">A covariance is not positive definite: the regularisation is too small for the data.</exception>
    public static GaussianMixtureModel Fit(Matrix vectors, GaussianMixtureOptions options, IProgress<MixtureIteration>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Choose(vectors, options, [options.Components], progress, cancellationToken).Best;
    }

    /// <summary>Fits mixtures of several numbers of components and keeps the one of the least Bayesian information criterion.</summary>
    /// <param name="vectors">As for <see cref="Fit"/>.</param>
    /// <param name="options">Settings; the number of components in it is not used.</param>
    /// <param name="components">The numbers to try, at least one, each 1 to the number of vectors.</param>
    /// <param name="progress">Told after each iteration of each; null for nobody.</param>
    /// <param name="cancellationToken">Stops within an iteration.</param>
    /// <exception cref="ArgumentException">A setting or the data are out of range; the message says what would be right.</exception>
    /// <exception cref="InvalidOperationException">A covariance is not positive definite: the regularisation is too small for the data.</exception>
    public static MixtureSelection Choose(Matrix vectors, GaussianMixtureOptions options, IReadOnlyList<int> components, IProgress<MixtureIteration>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(components);
        if (components.Count == 0)
            throw new ArgumentException("Give at least one number of components.", nameof(components));
        int[] blocks = [.. components.Select(count => Validate(vectors, options with { Components = count }))];

        PrincipalSpace? space = options.PrincipalDirections == 0 ? null : PrincipalSpace.Learn(vectors, options.PrincipalDirections, options.Threads, cancellationToken);
        Matrix data = space is null ? vectors : space.Project(vectors, options.Threads, cancellationToken);
        double variance = MeanVariance(data);
        var candidates = new List<MixtureCandidate>();
        GaussianMixtureModel? best = null;
        for (int i = 0; i < blocks.Length; i++)
        {
            GaussianMixtureModel model = Best(data, options with { Components = components[i] }, space, blocks[i], variance, progress, cancellationToken);
            candidates.Add(new MixtureCandidate(components[i], model.LogLikelihood, model.Bic));
            if (best is null || model.Bic < best.Bic)
                best = model;
        }

        return new MixtureSelection(best!, candidates);
    }

    private static GaussianMixtureModel Best(Matrix data, GaussianMixtureOptions options, PrincipalSpace? space, int block, double variance, IProgress<MixtureIteration>? progress, CancellationToken cancellationToken)
    {
        GaussianMixtureModel? best = null;
        for (int run = 0; run < options.Redo; run++)
        {
            (MixtureDensity density, List<MixtureIteration> history) = new MixtureRun(data, options, block, variance, run, progress).Run(cancellationToken);
            double likelihood = history[^1].LogLikelihood, bic = -2 * data.Rows * likelihood + density.Parameters * Math.Log(data.Rows);
            if (best is null || likelihood > best.LogLikelihood)
                best = new GaussianMixtureModel(density, space, likelihood, bic, history);
        }

        return best!;
    }

    /// <returns>Vectors of a block.</returns>
    private static int Validate(Matrix vectors, GaussianMixtureOptions options)
    {
        KMeans.Require(options.Tolerance is >= 0 and < double.PositiveInfinity, nameof(options.Tolerance), options.Tolerance, "0 or more");
        KMeans.Require(options.Regularisation is >= 0 and <= 1, nameof(options.Regularisation), options.Regularisation, "a share of the data's variance, 0 to 1");
        KMeans.Require(Enum.IsDefined(options.Covariance), nameof(options.Covariance), options.Covariance, "Diagonal or Full");
        KMeans.Require(options.PrincipalDirections >= 0 && options.PrincipalDirections <= vectors.Dimension, nameof(options.PrincipalDirections), options.PrincipalDirections, $"0 (none) to the dimension, {vectors.Dimension}");
        KMeans.Require(options.Components >= 1 && options.Components <= vectors.Rows, nameof(options.Components), options.Components, $"1 to the number of vectors, {vectors.Rows}");
        KMeans.Validate(vectors, new KMeansOptions { Clusters = options.Components, Iterations = options.Iterations, Redo = options.Redo, Threads = options.Threads });

        int dimension = options.PrincipalDirections == 0 ? vectors.Dimension : options.PrincipalDirections, k = options.Components;
        long size = MixtureDensity.CovarianceSize(options.Covariance, dimension);
        long projections = options.PrincipalDirections == 0 ? 0 : 4L * vectors.Rows * dimension;
        // Covariances of this step and the one before, and the factors of both.
        long components = MixtureMoments.Bytes(options.Covariance, dimension, k, options.Threads) + 2 * k * size * 12;
        long fixedBytes = projections + components + Workers.Count(options.Threads) * MixtureScratch.Size(dimension, k);
        long each = 4L * k + 8, room = (options.MaxBytes - fixedBytes) / each / MixtureDensity.Piece * MixtureDensity.Piece;
        KMeans.Require(
            room >= MixtureDensity.Piece,
            nameof(options.MaxBytes),
            options.MaxBytes,
            $"at least {fixedBytes + each * MixtureDensity.Piece} for {k} components of {dimension} dimensions");
        return (int)Math.Min(MostBlock, room);
    }

    private static double MeanVariance(Matrix data)
    {
        double[] sums = new double[data.Dimension], squares = new double[data.Dimension];
        float[] first = data[0].ToArray(), row = new float[data.Dimension];
        for (int i = 0; i < data.Rows; i++)
        {
            Standardise.Run(data[i], first, default, row);
            Accumulate.Add(sums, row);
            Standardise.Multiply(1, row, row, row);
            Accumulate.Add(squares, row);
        }

        double variance = 0;
        for (int j = 0; j < sums.Length; j++)
            variance += squares[j] / data.Rows - sums[j] / data.Rows * (sums[j] / data.Rows);
        variance /= data.Dimension;
        return variance > 0 ? variance : 1;
    }
}

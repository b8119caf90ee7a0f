using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>A fitted <see cref="GaussianMixture"/>. It does not change, and several threads may use it at once.</summary>
public sealed class GaussianMixtureModel
{
    private readonly MixtureDensity _density;
    private readonly PrincipalSpace? _space;

    internal GaussianMixtureModel(MixtureDensity density, PrincipalSpace? space, double logLikelihood, double bic, IReadOnlyList<MixtureIteration> history)
    {
        (_density, _space, LogLikelihood, Bic, History) = (density, space, logLikelihood, bic, history);
        Means = new Matrix(density.Means, density.Dimension);
        Centroids = space is null ? Means : space.Back(Means);
    }

    /// <summary>Number of components K.</summary>
    public int Components => _density.Components;

    /// <summary>Numbers in a vector that is given.</summary>
    public int Dimension => _space?.Directions.Dimension ?? _density.Dimension;

    /// <summary>The shape of <see cref="Covariances"/>.</summary>
    public CovarianceShape Covariance => _density.Shape;

    /// <summary>The share of each component; they add up to 1.</summary>
    public IReadOnlyList<double> Weights => _density.Weights;

    /// <summary>The means, a row for each component, in the space that was fitted: coordinates along the principal directions where vectors were projected.</summary>
    public Matrix Means { get; }

    /// <summary>The means as vectors of <see cref="Dimension"/> numbers.</summary>
    public Matrix Centroids { get; }

    /// <summary>The covariances in the space that was fitted: p variances for each component, or p rows of p numbers, component after component.</summary>
    public IReadOnlyList<double> Covariances => _density.Covariances;

    /// <summary>Mean log-likelihood of a training vector, in the space that was fitted.</summary>
    public double LogLikelihood { get; }

    /// <summary>Bayesian information criterion over the training vectors: the lower the better.</summary>
    public double Bic { get; }

    /// <summary>The iterations of the run that was kept; empty for a mixture that was opened from a file.</summary>
    public IReadOnlyList<MixtureIteration> History { get; }

    internal MixtureDensity Density => _density;

    internal PrincipalSpace? Space => _space;

    /// <summary>The most probable component of each vector.</summary>
    /// <param name="vectors">Rows of <see cref="Dimension"/> numbers, finite and of size 1e15 at most.</param>
    /// <param name="threads">Threads; 0 uses every processor. The answer does not depend on it.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <exception cref="ArgumentException">The dimension or a number is out of range.</exception>
    public int[] Assign(Matrix vectors, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var components = new int[vectors.Rows];
        Measure(vectors, threads, (start, probabilities, _) =>
        {
            for (int i = 0; i < probabilities.Length / Components; i++)
                components[start + i] = MostProbable(probabilities.Slice(i * Components, Components));
        }, cancellationToken);
        return components;
    }

    /// <summary>The probability of each component for each vector: as many rows as vectors, K numbers each, adding up to 1.</summary>
    /// <inheritdoc cref="Assign"/>
    public Matrix Probabilities(Matrix vectors, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var all = new float[(long)vectors.Rows * Components];
        Measure(vectors, threads, (start, probabilities, _) => probabilities.CopyTo(all.AsSpan(start * Components)), cancellationToken);
        return new Matrix(all, Components);
    }

    /// <summary>The components that each vector belongs to with at least some probability, and its most probable one in any case; by vector, then by component.</summary>
    /// <param name="vectors">Rows of <see cref="Dimension"/> numbers, finite and of size 1e15 at most.</param>
    /// <param name="threshold">The least probability, 0 to 1.</param>
    /// <param name="threads">Threads; 0 uses every processor. The answer does not depend on it.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <exception cref="ArgumentException">The dimension, the threshold or a number is out of range.</exception>
    public IReadOnlyList<MixtureMembership> Memberships(Matrix vectors, double threshold, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (threshold is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The least probability is 0 to 1.");
        var pieces = new List<MixtureMembership>[Pieces(vectors)];
        Measure(vectors, threads, (start, probabilities, _) =>
        {
            List<MixtureMembership> found = pieces[start / MixtureDensity.Piece] = [];
            for (int i = 0; i < probabilities.Length / Components; i++)
            {
                ReadOnlySpan<float> row = probabilities.Slice(i * Components, Components);
                int best = MostProbable(row);
                for (int k = 0; k < row.Length; k++)
                {
                    if (row[k] >= threshold || k == best)
                        found.Add(new MixtureMembership(start + i, k, row[k]));
                }
            }
        }, cancellationToken);
        return [.. pieces.SelectMany(piece => piece)];
    }

    /// <summary>The log-likelihood of each vector under the mixture, in the space that was fitted: low for vectors unlike those of the training.</summary>
    /// <inheritdoc cref="Assign"/>
    public double[] LogLikelihoods(Matrix vectors, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var all = new double[vectors.Rows];
        Measure(vectors, threads, (start, _, likelihoods) => likelihoods.CopyTo(all.AsSpan(start)), cancellationToken);
        return all;
    }

    /// <summary>Writes the mixture to a <c>.tsr</c> file of kind <c>tessera/gaussian-mixture</c>; a file of that name is replaced when all is written.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path) => GaussianMixtureFile.Write(path, this);

    /// <summary>Opens a mixture that was saved.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="Storage.TesseraFormatException">The file is damaged or no mixture.</exception>
    public static GaussianMixtureModel Open(string path) => GaussianMixtureFile.Read(path);

    private static int MostProbable(ReadOnlySpan<float> probabilities)
    {
        int best = 0;
        for (int k = 1; k < probabilities.Length; k++)
        {
            if (probabilities[k] > probabilities[best])
                best = k;
        }

        return best;
    }

    private static int Pieces(Matrix vectors) => (vectors.Rows + MixtureDensity.Piece - 1) / MixtureDensity.Piece;

    private delegate void Take(int start, ReadOnlySpan<float> probabilities, ReadOnlySpan<double> likelihoods);

    private void Measure(Matrix vectors, int threads, Take take, CancellationToken cancellationToken)
    {
        if (vectors.Dimension != Dimension)
            throw new ArgumentException($"The dimension is {vectors.Dimension}, but this mixture is of dimension {Dimension}.", nameof(vectors));
        VectorChecks.RequireMeasurable(vectors, Metric.L2, nameof(vectors), threads);
        Workers.For(Pieces(vectors), threads, (piece, _) =>
        {
            int start = piece * MixtureDensity.Piece, count = Math.Min(MixtureDensity.Piece, vectors.Rows - start);
            Matrix rows = vectors.Slice(start, count);
            rows = _space is null ? rows : _space.Project(rows, 1, cancellationToken);
            var probabilities = new float[count * Components];
            var likelihoods = new double[count];
            using var scratch = new MixtureScratch(_density.Dimension, Components);
            _density.Measure(rows.Span, probabilities, likelihoods, scratch);
            take(start, probabilities, likelihoods);
        }, cancellationToken);
    }
}

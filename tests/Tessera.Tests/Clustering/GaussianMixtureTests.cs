using Tessera.Clustering;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

public sealed class GaussianMixtureTests
{
    private static readonly GaussianMixtureOptions Full = new() { Components = 3, Covariance = CovarianceShape.Full, Tolerance = 1e-6 };
    private static readonly GaussianMixtureOptions Diagonal = new() { Components = 3, Tolerance = 1e-6 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Planted_components_are_found_with_their_weights_means_and_covariances()
    {
        Matrix vectors = Stretched(6000);

        GaussianMixtureModel model = GaussianMixture.Fit(vectors, Full, cancellationToken: Cancellation);

        // Row i belongs to component 0 for i mod 6 in 0..2, to 1 for 3 and 4, to 2 for 5.
        int[] assigned = model.Assign(vectors, cancellationToken: Cancellation);
        int[] order = [assigned[0], assigned[3], assigned[5]];
        Assert.Equal(3, order.Distinct().Count());
        double[] weights = [0.5, 1.0 / 3, 1.0 / 6];
        for (int c = 0; c < 3; c++)
        {
            int k = order[c];
            Assert.Equal(weights[c], model.Weights[k], 0.01);
            Assert.Equal(20 * c, model.Means[k][0], 0.25);
            Assert.Equal(0, model.Means[k][1], 0.25);
            // x has variance 1, y = slope * x + 0.3 * noise.
            double slope = c - 1;
            Assert.Equal(1, model.Covariances[4 * k], 0.1);
            Assert.Equal(slope, model.Covariances[4 * k + 1], 0.1);
            Assert.Equal(model.Covariances[4 * k + 1], model.Covariances[4 * k + 2]);
            Assert.Equal(slope * slope + 0.09, model.Covariances[4 * k + 3], 0.1);
        }
    }

    [Theory]
    [InlineData(CovarianceShape.Full)]
    [InlineData(CovarianceShape.Diagonal)]
    public void Likelihoods_and_probabilities_are_those_of_the_density_on_paper(CovarianceShape shape)
    {
        Matrix vectors = TestVectors.Planted(3, 200, 4, 0.7f, 1);
        GaussianMixtureModel model = GaussianMixture.Fit(vectors, Full with { Covariance = shape }, cancellationToken: Cancellation);

        double[] likelihoods = model.LogLikelihoods(vectors, cancellationToken: Cancellation);
        Matrix probabilities = model.Probabilities(vectors, cancellationToken: Cancellation);

        for (int i = 0; i < vectors.Rows; i += 13)
        {
            double[] densities = [.. Enumerable.Range(0, 3).Select(k => model.Weights[k] * OnPaper(model, k, vectors[i]))];
            Assert.Equal(Math.Log(densities.Sum()), likelihoods[i], 1e-4);
            for (int k = 0; k < 3; k++)
                Assert.Equal(densities[k] / densities.Sum(), probabilities[i][k], 1e-4);
        }

        Assert.Equal(likelihoods.Average(), model.LogLikelihood, 1e-4);
        int parameters = 3 * (4 + (shape == CovarianceShape.Full ? 10 : 4)) + 2;
        Assert.Equal(-2 * likelihoods.Sum() + parameters * Math.Log(600), model.Bic, 0.1);
    }

    [Theory]
    [InlineData(CovarianceShape.Full)]
    [InlineData(CovarianceShape.Diagonal)]
    public void The_likelihood_never_falls(CovarianceShape shape)
    {
        Matrix vectors = TestVectors.Planted(8, 100, 5, 1.2f, 3);
        var seen = new List<MixtureIteration>();

        GaussianMixtureModel model = GaussianMixture.Fit(vectors, Full with { Components = 6, Covariance = shape }, new ImmediateProgress<MixtureIteration>(seen.Add), Cancellation);

        Assert.True(seen.Count > 3);
        Assert.Equal(seen, model.History);
        for (int i = 1; i < seen.Count; i++)
            Assert.True(seen[i].LogLikelihood >= seen[i - 1].LogLikelihood);
        Assert.Equal(seen[^1].LogLikelihood, model.LogLikelihood);
    }

    [Fact]
    public void Components_far_from_zero_keep_their_digits()
    {
        Matrix near = TestVectors.Planted(3, 300, 4, 0.1f, 1);
        var far = new Matrix(Array.ConvertAll(near.Values.ToArray(), x => x + 1000), 4);

        double expected = GaussianMixture.Fit(near, Full, cancellationToken: Cancellation).LogLikelihood;
        Assert.Equal(expected, GaussianMixture.Fit(far, Full, cancellationToken: Cancellation).LogLikelihood, 0.02);
    }

    [Fact]
    public void The_criterion_chooses_the_number_of_planted_components()
    {
        Matrix vectors = Stretched(3000);

        MixtureSelection selection = GaussianMixture.Choose(vectors, Full, [1, 2, 3, 4, 5], cancellationToken: Cancellation);

        Assert.Equal(3, selection.Best.Components);
        Assert.Equal([1, 2, 3, 4, 5], selection.Candidates.Select(candidate => candidate.Components));
        Assert.Equal(selection.Best.Bic, selection.Candidates.Min(candidate => candidate.Bic));
        Assert.Equal(selection.Best.LogLikelihood, selection.Candidates[2].LogLikelihood);
    }

    [Fact]
    public void Memberships_are_those_above_the_threshold_and_the_most_probable_one()
    {
        Matrix vectors = TestVectors.Planted(4, 100, 3, 1.5f, 1);
        GaussianMixtureModel model = GaussianMixture.Fit(vectors, Diagonal with { Components = 4 }, cancellationToken: Cancellation);
        Matrix probabilities = model.Probabilities(vectors, cancellationToken: Cancellation);
        int[] assigned = model.Assign(vectors, cancellationToken: Cancellation);

        IReadOnlyList<MixtureMembership> soft = model.Memberships(vectors, 0.2, cancellationToken: Cancellation), hard = model.Memberships(vectors, 1, cancellationToken: Cancellation);

        var expected = new List<MixtureMembership>();
        for (int i = 0; i < vectors.Rows; i++)
        {
            Assert.Equal(1, probabilities[i].ToArray().Sum(), 1e-5);
            for (int k = 0; k < 4; k++)
            {
                if (probabilities[i][k] >= 0.2 || assigned[i] == k)
                    expected.Add(new MixtureMembership(i, k, probabilities[i][k]));
            }
        }

        Assert.Equal(expected, soft);
        Assert.True(soft.Count > vectors.Rows + 50);
        Assert.Equal(assigned, hard.Select(membership => membership.Component));
    }

    [Fact]
    public void Principal_directions_that_hold_the_data_lose_nothing_and_centroids_come_back()
    {
        Matrix flat = Stretched(2000);
        var wide = new float[flat.Rows * 12];
        for (int i = 0; i < flat.Rows; i++)
            (wide[i * 12 + 3], wide[i * 12 + 7]) = (5 + flat[i][0], 8 - flat[i][1]);
        var vectors = new Matrix(wide, 12);

        GaussianMixtureModel model = GaussianMixture.Fit(vectors, Full with { PrincipalDirections = 2 }, cancellationToken: Cancellation);
        GaussianMixtureModel plain = GaussianMixture.Fit(flat, Full, cancellationToken: Cancellation);

        Assert.Equal((12, 2), (model.Dimension, model.Means.Dimension));
        Assert.Equal(plain.LogLikelihood, model.LogLikelihood, 0.01);
        int[] assigned = model.Assign(vectors, cancellationToken: Cancellation);
        Assert.Equal(5, model.Centroids[assigned[0]][3], 0.3);
        Assert.Equal(8, model.Centroids[assigned[0]][7], 0.3);
        Assert.Equal(0, model.Centroids[assigned[0]][0], 1e-4);
    }

    [Theory]
    [InlineData(CovarianceShape.Full)]
    [InlineData(CovarianceShape.Diagonal)]
    public void The_same_seed_gives_the_same_bits_whatever_the_threads_and_nearly_so_whatever_the_memory(CovarianceShape shape)
    {
        Matrix vectors = TestVectors.Planted(5, 800, 6, 1, 1);
        GaussianMixtureOptions options = Full with { Components = 5, Covariance = shape, Threads = 1 };

        GaussianMixtureModel one = GaussianMixture.Fit(vectors, options, cancellationToken: Cancellation);
        GaussianMixtureModel three = GaussianMixture.Fit(vectors, options with { Threads = 3 }, cancellationToken: Cancellation);
        GaussianMixtureModel small = GaussianMixture.Fit(vectors, options with { MaxBytes = 300_000 }, cancellationToken: Cancellation);

        Assert.Equal(one.Means.Span, three.Means.Span);
        Assert.Equal(one.Covariances, three.Covariances);
        Assert.Equal(one.LogLikelihood, three.LogLikelihood);
        Assert.Equal(one.LogLikelihood, small.LogLikelihood, 1e-9);
        Assert.Equal(one.Means.Span, small.Means.Span);
    }

    [Fact]
    public void A_limit_of_memory_that_is_too_low_says_what_would_do()
    {
        Matrix vectors = TestVectors.Normal(1000, 6, 1);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => GaussianMixture.Fit(vectors, Full with { MaxBytes = 1000 }));
        string enough = error.Message.Split("at least ")[1].Split(' ')[0];

        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianMixture.Fit(vectors, Full with { MaxBytes = long.Parse(enough, System.Globalization.CultureInfo.InvariantCulture) - 1 }));
        Assert.Equal(3, GaussianMixture.Fit(vectors, Full with { MaxBytes = long.Parse(enough, System.Globalization.CultureInfo.InvariantCulture) }, cancellationToken: Cancellation).Components);
    }

    [Fact]
    public void Degenerate_data_fit_with_the_regularisation_alone()
    {
        var same = new Matrix(Enumerable.Repeat(3f, 50 * 2).ToArray(), 2);
        Assert.All(GaussianMixture.Fit(same, Full, cancellationToken: Cancellation).Centroids.Span.ToArray(), x => Assert.Equal(3, x));

        // All on one line: the covariances would be singular.
        Matrix line = TestVectors.LowRank(500, 4, 1, 0, 1);
        Assert.True(double.IsFinite(GaussianMixture.Fit(line, Full, cancellationToken: Cancellation).LogLikelihood));
        Assert.Equal(5, GaussianMixture.Fit(TestVectors.Normal(5, 3, 1), Full with { Components = 5 }, cancellationToken: Cancellation).Components);
    }

    [Fact]
    public void A_fit_stops_when_it_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        var progress = new ImmediateProgress<MixtureIteration>(_ => source.Cancel());

        Assert.Throws<OperationCanceledException>(() => GaussianMixture.Fit(TestVectors.Planted(5, 200, 4, 1, 1), Full, progress, source.Token));
    }

    [Fact]
    public void Settings_that_cannot_be_are_refused()
    {
        Matrix vectors = TestVectors.Normal(10, 3, 1);
        foreach (GaussianMixtureOptions options in (GaussianMixtureOptions[])
        [
            Full with { Components = 0 }, Full with { Components = 11 }, Full with { PrincipalDirections = 4 }, Full with { PrincipalDirections = -1 },
            Full with { Iterations = 0 }, Full with { Redo = 0 }, Full with { Tolerance = double.NaN }, Full with { Regularisation = -1 },
            Full with { Covariance = (CovarianceShape)7 }, Full with { Threads = -1 },
        ])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => GaussianMixture.Fit(vectors, options));
        }

        Assert.Throws<ArgumentException>(() => GaussianMixture.Choose(vectors, Full, []));
        GaussianMixtureModel model = GaussianMixture.Fit(vectors, Diagonal with { Components = 2 }, cancellationToken: Cancellation);
        Assert.Throws<ArgumentException>(() => model.Assign(new Matrix(new float[4], 2)));
        Assert.Throws<ArgumentException>(() => model.Assign(new Matrix(new float[] { float.NaN, 0, 0 }, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Memberships(vectors, 1.5));
    }

    [Theory]
    [InlineData(CovarianceShape.Full, 0)]
    [InlineData(CovarianceShape.Diagonal, 2)]
    public void A_mixture_that_is_saved_opens_as_it_was(CovarianceShape shape, int directions)
    {
        Matrix vectors = TestVectors.Planted(3, 100, 5, 0.5f, 1);
        GaussianMixtureModel model = GaussianMixture.Fit(vectors, Full with { Covariance = shape, PrincipalDirections = directions }, cancellationToken: Cancellation);
        using var folder = new TemporaryFolder();
        model.Save(folder["mixture.tsr"]);

        GaussianMixtureModel opened = GaussianMixtureModel.Open(folder["mixture.tsr"]);

        Assert.Equal(model.Probabilities(vectors, cancellationToken: Cancellation).Span, opened.Probabilities(vectors, cancellationToken: Cancellation).Span);
        Assert.Equal((model.LogLikelihood, model.Bic), (opened.LogLikelihood, opened.Bic));
        Assert.Equal(model.Centroids.Span, opened.Centroids.Span);
        Assert.Equal(shape, opened.Covariance);
    }

    /// <summary>Three components of two dimensions, of shares 3, 2 and 1 in 6, at x = 0, 20 and 40, stretched along slopes of -1, 0 and 1.</summary>
    private static Matrix Stretched(int rows)
    {
        float[] values = TestVectors.Normals(rows * 2, 1);
        for (int i = 0; i < rows; i++)
        {
            int component = i % 6 < 3 ? 0 : i % 6 < 5 ? 1 : 2;
            values[2 * i + 1] = (component - 1) * values[2 * i] + 0.3f * values[2 * i + 1];
            values[2 * i] += 20 * component;
        }

        return new Matrix(values, 2);
    }

    /// <summary>The normal density, by Gaussian elimination.</summary>
    private static double OnPaper(GaussianMixtureModel model, int k, ReadOnlySpan<float> vector)
    {
        int p = vector.Length;
        var rows = new double[p, p + 1];
        for (int i = 0; i < p; i++)
        {
            rows[i, p] = vector[i] - model.Means[k][i];
            for (int j = 0; j < p; j++)
                rows[i, j] = model.Covariance == CovarianceShape.Full ? model.Covariances[(k * p + i) * p + j] : i == j ? model.Covariances[k * p + i] : 0;
        }

        double determinant = 1;
        for (int i = 0; i < p; i++)
        {
            determinant *= rows[i, i];
            for (int r = 0; r < p; r++)
            {
                double factor = r == i ? 0 : rows[r, i] / rows[i, i];
                for (int j = i; j <= p && factor != 0; j++)
                    rows[r, j] -= factor * rows[i, j];
            }
        }

        double distance = 0;
        for (int i = 0; i < p; i++)
            distance += (vector[i] - model.Means[k][i]) * rows[i, p] / rows[i, i];
        return Math.Exp(-0.5 * distance) / Math.Sqrt(Math.Pow(2 * Math.PI, p) * determinant);
    }
}

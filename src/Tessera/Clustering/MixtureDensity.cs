using Tessera.Kernels;

namespace Tessera.Clustering;

/// <summary>The components of a mixture, ready to measure vectors: weights, means, covariances, and the factors of their inverses.</summary>
internal sealed class MixtureDensity
{
    /// <summary>Vectors measured at a time.</summary>
    public const int Piece = 256;

    private readonly float[] _factors = [];
    private readonly Panels[] _whitening = [];
    private readonly double[] _constants;

    /// <param name="shape">Shape of the covariances.</param>
    /// <param name="dimension">Numbers p in a vector.</param>
    /// <param name="weights">One for each component, adding up to 1.</param>
    /// <param name="means">A row for each component.</param>
    /// <param name="covariances">p numbers for each component, or p rows of p.</param>
    /// <exception cref="InvalidOperationException">A covariance is not positive definite.</exception>
    public MixtureDensity(CovarianceShape shape, int dimension, double[] weights, float[] means, double[] covariances)
    {
        (Shape, Dimension, Weights, Means, Covariances) = (shape, dimension, weights, means, covariances);
        int components = weights.Length;
        _constants = new double[components];
        if (shape == CovarianceShape.Full)
            _whitening = new Panels[components];
        else
            _factors = new float[components * dimension];
        for (int k = 0; k < components; k++)
        {
            double logs = shape == CovarianceShape.Full ? Whiten(k) : Scale(k);
            _constants[k] = Math.Log(weights[k]) - 0.5 * (dimension * Math.Log(2 * Math.PI) + logs);
        }
    }

    public CovarianceShape Shape { get; }

    public int Dimension { get; }

    public double[] Weights { get; }

    public float[] Means { get; }

    public double[] Covariances { get; }

    public int Components => Weights.Length;

    /// <summary>Numbers of one covariance.</summary>
    public static int CovarianceSize(CovarianceShape shape, int dimension) => shape == CovarianceShape.Full ? checked(dimension * dimension) : dimension;

    /// <summary>Numbers that a fit is free to choose.</summary>
    public long Parameters => Components * (Dimension + (Shape == CovarianceShape.Full ? Dimension * (Dimension + 1L) / 2 : Dimension)) + Components - 1;

    public ReadOnlySpan<float> Mean(int component) => Means.AsSpan(component * Dimension, Dimension);

    /// <summary>The probability of each component for each of at most <see cref="Piece"/> vectors.</summary>
    /// <param name="rows">The vectors.</param>
    /// <param name="probabilities">Receives as many numbers for each vector as there are components; empty if they are not wanted.</param>
    /// <param name="likelihoods">Receives the log-likelihood of each vector.</param>
    /// <param name="scratch">Of one thread.</param>
    public void Measure(ReadOnlySpan<float> rows, Span<float> probabilities, Span<double> likelihoods, MixtureScratch scratch)
    {
        int count = rows.Length / Dimension, components = Components;
        for (int k = 0; k < components; k++)
        {
            Span<float> whitened = scratch.Whitened.AsSpan(0, rows.Length), distances = scratch.Distances.AsSpan(0, count);
            if (Shape == CovarianceShape.Full)
            {
                Standardise.Run(rows, Mean(k), default, scratch.Differences);
                scratch.Left.Pack(scratch.Differences, count, Dimension, Dimension);
                MatrixProduct.Store(scratch.Left, _whitening[k], whitened);
            }
            else
            {
                Standardise.Run(rows, Mean(k), _factors.AsSpan(k * Dimension, Dimension), whitened);
            }

            Distance.SquaredNorms(whitened, Dimension, distances);
            for (int i = 0; i < count; i++)
                scratch.Logs[i * components + k] = _constants[k] - 0.5 * distances[i];
        }

        for (int i = 0; i < count; i++)
        {
            Span<double> logs = scratch.Logs.AsSpan(i * components, components);
            double largest = double.NegativeInfinity, sum = 0;
            foreach (double log in logs)
                largest = Math.Max(largest, log);
            foreach (ref double log in logs)
            {
                log = Math.Exp(log - largest);
                sum += log;
            }

            likelihoods[i] = largest + Math.Log(sum);
            for (int k = 0; k < components && !probabilities.IsEmpty; k++)
                probabilities[i * components + k] = (float)(logs[k] / sum);
        }
    }

    /// <returns>The logarithm of the covariance's determinant.</returns>
    private double Whiten(int k)
    {
        int p = Dimension;
        double[] factor = Covariances[(k * p * p)..((k + 1) * p * p)];
        if (!Cholesky.Factor(factor, p))
            throw new InvalidOperationException($"The covariance of component {k} is not positive definite: raise the regularisation, take fewer components or principal directions, or diagonal covariances.");
        float[] inverse = Array.ConvertAll(Cholesky.InvertLower(factor, p), x => (float)x);
        _whitening[k] = Panels.Right(inverse, p, p);
        double logs = 0;
        for (int i = 0; i < p; i++)
            logs += 2 * Math.Log(factor[i * p + i]);
        return logs;
    }

    private double Scale(int k)
    {
        double logs = 0;
        for (int j = k * Dimension; j < (k + 1) * Dimension; j++)
        {
            if (!(Covariances[j] > 0))
                throw new InvalidOperationException($"A variance of component {k} is {Covariances[j]}: raise the regularisation.");
            _factors[j] = (float)(1 / Math.Sqrt(Covariances[j]));
            logs += Math.Log(Covariances[j]);
        }

        return logs;
    }
}

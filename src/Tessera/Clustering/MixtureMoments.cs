using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// The weighted sizes, sums and products of vectors for each component, about reference points near the components' means, so
/// that no digits are lost to means far from zero. Each component is added up in the order of the vectors, whatever the
/// number of threads and however vectors are given together.
/// </summary>
internal sealed class MixtureMoments(CovarianceShape shape, int dimension, int components, int threads)
{
    /// <summary>Vectors whose products are taken together.</summary>
    private const int Chunk = 512;

    /// <summary>A vector that belongs to a component less than this is left out of its sums.</summary>
    private const float LeastProbability = 1e-8f;

    private readonly int _size = MixtureDensity.CovarianceSize(shape, dimension);
    private readonly double[] _weights = new double[components];
    private readonly double[] _sums = new double[components * dimension];
    private readonly double[] _products = new double[(long)components * MixtureDensity.CovarianceSize(shape, dimension)];
    private readonly Pending[] _pending = new Pending[components];
    private readonly Scratch?[] _scratch = new Scratch?[Workers.Count(threads)];

    /// <summary>Bytes that the moments take: sums and products, vectors that wait, and what each thread needs.</summary>
    public static long Bytes(CovarianceShape shape, int dimension, int components, int threads)
    {
        long size = MixtureDensity.CovarianceSize(shape, dimension);
        return 8 * components * (size + dimension + 1) + 4L * components * Chunk * (dimension + 1) + Workers.Count(threads) * 4 * (4L * Chunk * dimension + size);
    }

    public void Clear()
    {
        Array.Clear(_weights);
        Array.Clear(_sums);
        Array.Clear(_products);
    }

    /// <summary>Adds vectors.</summary>
    /// <param name="rows">The vectors.</param>
    /// <param name="probabilities">Of each component, for each vector.</param>
    /// <param name="references">A row for each component, the same for all vectors since <see cref="Clear"/>.</param>
    /// <param name="cancellationToken">Stops between components.</param>
    public void Add(Matrix rows, float[] probabilities, float[] references, CancellationToken cancellationToken) =>
        Workers.For(components, threads, (k, worker) =>
        {
            Scratch scratch = _scratch[worker] ??= new Scratch(dimension, _size);
            Pending pending = _pending[k] ??= new Pending(dimension);
            for (int i = 0; i < rows.Rows; i++)
            {
                float probability = probabilities[i * components + k];
                if (!(probability >= LeastProbability))
                    continue;
                Standardise.Run(rows[i], references.AsSpan(k * dimension, dimension), default, pending.Rows.AsSpan(pending.Count * dimension));
                pending.Probabilities[pending.Count++] = probability;
                if (pending.Count == Chunk)
                    Flush(k, scratch);
            }
        }, cancellationToken);

    /// <summary>The components whose moments these are.</summary>
    /// <param name="vectors">Vectors that were added.</param>
    /// <param name="references">As given to <see cref="Add"/>.</param>
    /// <param name="variance">The mean variance of the data: that of a component that has no vector.</param>
    /// <param name="regularisation">Added to every variance.</param>
    public MixtureDensity Maximise(int vectors, float[] references, double variance, double regularisation)
    {
        var weights = new double[components];
        var means = new float[components * dimension];
        var covariances = new double[components * _size];
        Workers.For(components, threads, (k, worker) =>
        {
            Flush(k, _scratch[worker] ??= new Scratch(dimension, _size));
            // A component without vectors stays in the sums with next to no weight, so that logarithms are finite.
            double weight = _weights[k];
            weights[k] = Math.Max(weight, 1e-10) / vectors;
            bool empty = weight < 1e-6;
            Span<double> covariance = covariances.AsSpan(k * _size, _size);
            for (int i = 0; i < dimension; i++)
            {
                double shift = empty ? 0 : _sums[k * dimension + i] / weight;
                means[k * dimension + i] = (float)(references[k * dimension + i] + shift);
                int diagonal = shape == CovarianceShape.Full ? i * dimension + i : i;
                covariance[diagonal] = empty ? variance : Math.Max(0, _products[k * _size + diagonal] / weight - shift * shift);
                covariance[diagonal] += regularisation;
                for (int j = 0; j < i && shape == CovarianceShape.Full && !empty; j++)
                {
                    double product = _products[k * _size + i * dimension + j] / weight - shift * _sums[k * dimension + j] / weight;
                    covariance[i * dimension + j] = covariance[j * dimension + i] = product;
                }
            }
        });
        double total = weights.Sum();
        return new MixtureDensity(shape, dimension, Array.ConvertAll(weights, weight => weight / total), means, covariances);
    }

    /// <summary>Adds up the vectors of a component that wait.</summary>
    private void Flush(int k, Scratch scratch)
    {
        if (_pending[k] is not { Count: > 0 } pending)
            return;
        Span<double> sums = _sums.AsSpan(k * dimension, dimension), products = _products.AsSpan(k * _size, _size);
        for (int i = 0; i < pending.Count; i++)
        {
            ReadOnlySpan<float> row = pending.Rows.AsSpan(i * dimension, dimension);
            Span<float> scaled = scratch.Scaled.AsSpan(i * dimension, dimension);
            Standardise.Multiply(pending.Probabilities[i], row, default, scaled);
            Accumulate.Add(sums, scaled);
            _weights[k] += pending.Probabilities[i];
            if (shape == CovarianceShape.Diagonal)
            {
                Standardise.Multiply(1, scaled, row, scaled);
                Accumulate.Add(products, scaled);
            }
        }

        if (shape == CovarianceShape.Full)
        {
            scratch.Left.PackColumns(scratch.Scaled, pending.Count, dimension);
            scratch.Right.PackColumns(pending.Rows, pending.Count, dimension);
            MatrixProduct.Store(scratch.Left, scratch.Right, scratch.Products);
            Accumulate.Add(products, scratch.Products);
        }

        pending.Count = 0;
    }

    /// <summary>Vectors of one component, less its reference.</summary>
    private sealed class Pending(int dimension)
    {
        public float[] Rows { get; } = new float[Chunk * dimension];

        public float[] Probabilities { get; } = new float[Chunk];

        public int Count { get; set; }
    }

    private sealed class Scratch(int dimension, int size)
    {
        public float[] Scaled { get; } = new float[Chunk * dimension];

        public float[] Products { get; } = new float[size];

        public Panels Left { get; } = Panels.Left();

        public Panels Right { get; } = Panels.Right();
    }
}

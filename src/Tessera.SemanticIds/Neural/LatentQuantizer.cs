using System.Numerics.Tensors;
using Tessera.Quantization;
using Tessera.SemanticIds.Codes;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Neural;

/// <summary>
/// The codebooks of an RQ-VAE while they are learnt. A latent passes as the sum of the entries that it takes; its gradient passes
/// as if nothing had been between (straight through; Bengio et al., 2013, van den Oord et al., 2017). The loss of a level is the
/// mean squared distance of the entries to what they stand for, by which entries move, and the same once more, times the
/// commitment, by which latents move.
/// </summary>
internal sealed class LatentQuantizer
{
    private readonly RQVAEOptions _options;
    private readonly int _dimension;
    private readonly long[][] _uses;
    private float[] _residuals = [];
    private int[] _taken = [];

    public LatentQuantizer(RQVAEOptions options, int dimension)
    {
        (_options, _dimension) = (options, dimension);
        int[] clusters = [.. options.Clusters];
        Codebooks = [.. clusters.Select(count => new Parameter(count * dimension))];
        _uses = [.. clusters.Select(count => new long[count])];
    }

    /// <summary>The entries of each level, row after row.</summary>
    public IReadOnlyList<Parameter> Codebooks { get; }

    public Matrix Entries(int level) => new(Codebooks[level].Values, _dimension);

    public ResidualLevels Freeze() => new([.. Codebooks.Select(codebook => new Matrix(codebook.Values.ToArray(), _dimension))]);

    /// <summary>Quantises latents and sets the gradients of the codebooks.</summary>
    /// <param name="latents">Rows.</param>
    /// <param name="quantized">Receives the sums of entries.</param>
    /// <param name="gradients">Receives the gradient of the loss by the latents.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="codes">Receives the entries taken, level after level within a row.</param>
    /// <returns>The loss.</returns>
    public double Run(ReadOnlySpan<float> latents, Span<float> quantized, Span<float> gradients, int rows, int threads, Span<int> codes)
    {
        if (_residuals.Length < latents.Length)
            (_residuals, _taken) = (new float[latents.Length], new int[rows]);
        latents.CopyTo(_residuals);
        quantized.Clear();
        gradients.Clear();
        double loss = 0;
        for (int level = 0; level < Codebooks.Count; level++)
        {
            Choose(level, rows, threads);
            loss += Take(level, rows, quantized, gradients);
            for (int i = 0; i < rows; i++)
                codes[i * Codebooks.Count + level] = _taken[i];
        }

        return loss;
    }

    /// <summary>Adds to the gradients of the entries that were taken what something else wants of their sums.</summary>
    public void AddGradients(ReadOnlySpan<float> ofQuantized, ReadOnlySpan<int> codes, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int level = 0; level < Codebooks.Count; level++)
            {
                Span<float> ofEntry = Codebooks[level].Gradients.AsSpan(codes[i * Codebooks.Count + level] * _dimension, _dimension);
                TensorPrimitives.Add(ofEntry, ofQuantized.Slice(i * _dimension, _dimension), ofEntry);
            }
        }
    }

    /// <summary>Gives entries that nothing has taken since the last call a residual of the last batch, and forgets the count.</summary>
    /// <returns>Entries revived.</returns>
    public int ReviveUnused(ReadOnlySpan<float> latents, int rows, ref SeededRandom random)
    {
        int revived = 0;
        latents[..(rows * _dimension)].CopyTo(_residuals);
        for (int level = 0; level < Codebooks.Count; level++)
        {
            Parameter codebook = Codebooks[level];
            for (int entry = 0; entry < _uses[level].Length; entry++)
            {
                if (_uses[level][entry] > 0)
                    continue;
                _residuals.AsSpan(random.Next(rows) * _dimension, _dimension).CopyTo(codebook.Values.AsSpan(entry * _dimension));
                codebook.FirstMoments.AsSpan(entry * _dimension, _dimension).Clear();
                codebook.SecondMoments.AsSpan(entry * _dimension, _dimension).Clear();
                revived++;
            }

            Array.Clear(_uses[level]);
            Choose(level, rows, threads: 1, exact: true);
            for (int i = 0; i < rows; i++)
                Subtract(level, i);
        }

        return revived;
    }

    private void Choose(int level, int rows, int threads, bool exact = false)
    {
        var residuals = new Matrix(_residuals.AsMemory(0, rows * _dimension), _dimension);
        Matrix entries = Entries(level);
        if (!exact && _options.SinkhornEpsilon(level) is > 0 and double epsilon)
        {
            Sinkhorn.Assign(entries, residuals, epsilon, _options.SinkhornIterations, threads, _taken);
            return;
        }

        var codebook = new Codebook(entries);
        int block = codebook.BlockSize;
        Parallel.For(0, (rows + block - 1) / block, ResidualLevels.Threads(threads, default), number =>
        {
            int start = number * block, count = Math.Min(block, rows - start);
            codebook.Nearest(residuals.Slice(start, count), _taken.AsSpan(start, count));
        });
    }

    /// <summary>Adds one level: the entries to the sums, its gradients, its loss; leaves the residuals of the next.</summary>
    private double Take(int level, int rows, Span<float> quantized, Span<float> gradients)
    {
        Parameter codebook = Codebooks[level];
        Array.Clear(codebook.Gradients);
        // The mean over the levels of means over all numbers.
        float weight = (float)(_options.QuantizationWeight / Codebooks.Count / ((double)rows * _dimension));
        double squares = 0;
        for (int i = 0; i < rows; i++)
        {
            int entry = _taken[i];
            _uses[level][entry]++;
            Span<float> sum = quantized.Slice(i * _dimension, _dimension), gradient = gradients.Slice(i * _dimension, _dimension);
            TensorPrimitives.Add(sum, codebook.Values.AsSpan(entry * _dimension, _dimension), sum);
            Subtract(level, i);
            // What is left is latent minus entries: the direction of both gradients.
            ReadOnlySpan<float> left = _residuals.AsSpan(i * _dimension, _dimension);
            squares += TensorPrimitives.SumOfSquares(left);
            TensorPrimitives.MultiplyAdd(left, 2 * weight * (float)_options.Commitment, gradient, gradient);
            Span<float> ofEntry = codebook.Gradients.AsSpan(entry * _dimension, _dimension);
            TensorPrimitives.MultiplyAdd(left, -2 * weight, ofEntry, ofEntry);
        }

        return squares * weight * (1 + _options.Commitment);
    }

    private void Subtract(int level, int row)
    {
        Span<float> residual = _residuals.AsSpan(row * _dimension, _dimension);
        TensorPrimitives.Subtract(residual, Codebooks[level].Values.AsSpan(_taken[row] * _dimension, _dimension), residual);
    }
}

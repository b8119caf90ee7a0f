using System.Numerics.Tensors;
using Tessera.Quantization;
using Tessera.SemanticIds.Codes;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Neural;

/// <summary>Learns an RQ-VAE: epochs of batches in random order, each followed by a look at the held-out vectors; the best epoch is kept.</summary>
internal sealed class Training
{
    private readonly RQVAEOptions _options;
    private readonly int _threads;
    private readonly int _dimension;
    private readonly float[] _mean;
    private readonly float _scale;
    private readonly float[] _training;
    private readonly Matrix _heldOut;
    private readonly Mlp _encoder;
    private readonly Mlp _decoder;
    private readonly LatentQuantizer _quantizer;
    private readonly AdamW _optimizer;
    private readonly List<RQVAEEpoch> _history = [];
    private SeededRandom _random;

    public Training(Matrix vectors, RQVAEOptions options, int threads)
    {
        (_options, _threads, _dimension) = (options, threads, vectors.Dimension);
        _random = new SeededRandom(options.Seed);
        (_mean, _scale) = Moments(vectors);
        (int[] training, int[] heldOut) = Split(vectors.Rows);
        _training = Autoencoder.Standardised(vectors.Select(training), _mean, _scale);
        _heldOut = vectors.Select(heldOut);
        int latent = options.Shortcut ? vectors.Dimension : options.LatentDimension;
        int[] sizes = [vectors.Dimension, .. options.Layers, latent];
        _encoder = new Mlp(sizes, options.Shortcut);
        _decoder = new Mlp([.. sizes.Reverse()], options.Shortcut);
        _encoder.Start(ref _random);
        _decoder.Start(ref _random);
        _quantizer = new LatentQuantizer(options, latent);
        _optimizer = new AdamW([.. _encoder.Parameters, .. _decoder.Parameters, .. _quantizer.Codebooks], options.WeightDecay);
    }

    public IReadOnlyList<RQVAEEpoch> History => _history;

    private int Rows => _training.Length / _dimension;

    /// <summary>Trains and returns the best state.</summary>
    /// <param name="codebooks">The codebooks to begin with, in the space of the vectors, for a network that begins as the identity; null for others.</param>
    /// <param name="told">Told after each epoch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public Autoencoder Run(IReadOnlyList<Matrix>? codebooks, IProgress<RQVAEEpoch>? told, CancellationToken cancellationToken)
    {
        StartCodebooks(codebooks, cancellationToken);
        var checkpoint = new Checkpoint([.. _encoder.Parameters, .. _decoder.Parameters, .. _quantizer.Codebooks]);
        double least = double.PositiveInfinity;
        int best = 0;
        if (_options.Shortcut)
        {
            least = Look(0, 0, 0, told, cancellationToken);
            checkpoint.Take();
        }

        for (int epoch = 1; epoch <= _options.Epochs && (_options.Patience == 0 || epoch - best <= _options.Patience); epoch++)
        {
            (double loss, int revived) = RunEpoch(epoch, cancellationToken);
            double error = Look(epoch, loss, revived, told, cancellationToken);
            if (!double.IsFinite(error))
                throw new InvalidOperationException($"The training diverged in epoch {epoch}; take a smaller learning rate than {_options.LearningRate}.");
            if (error >= least)
                continue;
            (least, best) = (error, epoch);
            checkpoint.Take();
        }

        checkpoint.Restore();
        return Freeze();
    }

    /// <summary>One batch: forward, loss, backward. Leaves all gradients in place and changes no parameter.</summary>
    /// <param name="batch">Standardised rows.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="codes">Receives the entries taken.</param>
    /// <returns>The loss.</returns>
    public double Step(ReadOnlyMemory<float> batch, int rows, Span<int> codes)
    {
        Memory<float> latents = _encoder.Forward(batch, rows, _threads);
        var quantized = new float[latents.Length];
        var ofLatents = new float[latents.Length];
        double loss = _quantizer.Run(latents.Span, quantized, ofLatents, rows, _threads, codes);
        Memory<float> output = _decoder.Forward(quantized, rows, _threads);
        var ofOutput = new float[output.Length];
        loss += Reconstruction(output.Span, batch.Span, ofOutput);
        var ofQuantized = new float[latents.Length];
        _decoder.Backward(quantized, ofOutput, ofQuantized, rows, _threads);
        if (_options.FreezeEncoder)
        {
            // Nothing is to pass through the choice of entries, so that their own gradient is exact.
            _quantizer.AddGradients(ofQuantized, codes, rows);
            return loss;
        }

        // Straight through: what the decoder wants of the sums of entries, it wants of the latents.
        TensorPrimitives.Add(ofLatents, ofQuantized, ofLatents);
        _encoder.Backward(batch, ofLatents, default, rows, _threads);
        return loss;
    }

    internal (Mlp Encoder, Mlp Decoder, LatentQuantizer Quantizer, float[] Rows) Parts => (_encoder, _decoder, _quantizer, _training);

    private (double Loss, int Revived) RunEpoch(int epoch, CancellationToken cancellationToken)
    {
        int[] order = Shuffled();
        int size = Math.Min(_options.BatchSize, Rows), batches = Rows / size;
        var batch = new float[size * _dimension];
        var codes = new int[size * _quantizer.Codebooks.Count];
        double loss = 0;
        for (int number = 0; number < batches; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int i = 0; i < size; i++)
                _training.AsSpan(order[number * size + i] * _dimension, _dimension).CopyTo(batch.AsSpan(i * _dimension));
            loss += Step(batch, size, codes);
            _optimizer.Step(Rate(epoch - 1 + (double)number / batches), _threads);
        }

        // In the last epochs what a revived entry disturbs is not made good again.
        bool isEarly = epoch <= _options.Epochs * 3 / 4;
        int revived = 0;
        if (_options.ReviveUnused && isEarly)
            revived = _quantizer.ReviveUnused(_encoder.Forward(batch, size, _threads).Span, size, ref _random);
        return (loss / batches, revived);
    }

    private double Rate(double epochs) =>
        _options.CosineSchedule ? _options.LearningRate * 0.5 * (1 + Math.Cos(Math.PI * epochs / _options.Epochs)) : _options.LearningRate;

    private double Reconstruction(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> gradient)
    {
        TensorPrimitives.Subtract(output, target, gradient);
        if (_options.Loss == ReconstructionLoss.Squared)
        {
            double squares = TensorPrimitives.SumOfSquares<float>(gradient);
            TensorPrimitives.Multiply(gradient, 2f / gradient.Length, gradient);
            return squares / gradient.Length;
        }

        double sizes = TensorPrimitives.SumOfMagnitudes<float>(gradient);
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] = gradient[i] == 0 ? 0 : MathF.CopySign(1f / gradient.Length, gradient[i]);
        return sizes / gradient.Length;
    }

    /// <summary>Measures the held-out vectors as users will code them.</summary>
    private double Look(int epoch, double loss, int revived, IProgress<RQVAEEpoch>? told, CancellationToken cancellationToken)
    {
        float[] rows = Autoencoder.Standardised(_heldOut, _mean, _scale);
        Memory<float> latents = _encoder.Forward(rows, _heldOut.Rows, _threads);
        ResidualLevels levels = _quantizer.Freeze();
        SemanticCodes codes = levels.Encode(new Matrix(latents, _encoder.Outputs), _threads, null, cancellationToken);
        Memory<float> output = _decoder.Forward(levels.Decode(codes).Values, _heldOut.Rows, _threads);
        double squares = 0;
        for (int i = 0; i < _heldOut.Rows; i++)
        {
            Span<float> difference = rows.AsSpan(i * _dimension, _dimension);
            TensorPrimitives.Subtract(difference, output.Span.Slice(i * _dimension, _dimension), difference);
            squares += TensorPrimitives.SumOfSquares<float>(difference);
        }

        double error = squares / _heldOut.Rows * _scale * _scale;
        int unique = codes.Values.ToArray().Chunk(codes.Levels).Select(row => string.Join('-', row)).Distinct().Count();
        var looked = new RQVAEEpoch(epoch, loss, error, 1 - (double)unique / codes.Rows, revived);
        _history.Add(looked);
        told?.Report(looked);
        return error;
    }

    private Autoencoder Freeze() => new(_encoder, _decoder, _quantizer.Freeze(), _mean, _scale);

    private void StartCodebooks(IReadOnlyList<Matrix>? codebooks, CancellationToken cancellationToken)
    {
        if (codebooks is not null)
        {
            for (int level = 0; level < codebooks.Count; level++)
            {
                // The first level stands for vectors, whose mean has been taken away; the others for differences.
                float[] mean = level == 0 ? _mean : new float[_dimension];
                Autoencoder.Standardised(codebooks[level], mean, _scale).CopyTo(_quantizer.Codebooks[level].Values.AsSpan());
            }

            return;
        }

        if (!_options.WarmStart && !_options.Shortcut)
        {
            foreach (Parameter codebook in _quantizer.Codebooks)
            {
                int entries = codebook.Values.Length / _encoder.Outputs;
                foreach (ref float value in codebook.Values.AsSpan())
                    value = (float)((2 * _random.NextDouble() - 1) / entries);
            }

            return;
        }

        var kmeans = new RQKMeansOptions { Levels = _options.Clusters.Count, Clusters = _options.Clusters, Iterations = 25, Seed = _options.Seed };
        // With a shortcut these are the vectors themselves.
        Memory<float> latents = _encoder.Forward(_training, Rows, _threads);
        ResidualLevels levels = new LevelTraining(kmeans, _threads, null, cancellationToken).Run(new Matrix(latents.ToArray(), _encoder.Outputs));
        for (int level = 0; level < levels.Count; level++)
            levels.Entries(level).Span.CopyTo(_quantizer.Codebooks[level].Values);
    }

    private (int[] Training, int[] HeldOut) Split(int rows)
    {
        int count = Math.Min((int)(rows * _options.HeldOut), rows - _options.Clusters.Max());
        int[] all = [.. Enumerable.Range(0, rows)];
        if (count <= 0)
            return (all, all);
        Shuffle(all);
        return (all[count..], all[..count]);
    }

    private int[] Shuffled()
    {
        int[] order = [.. Enumerable.Range(0, Rows)];
        Shuffle(order);
        return order;
    }

    private void Shuffle(int[] values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int other = _random.Next(i + 1);
            (values[i], values[other]) = (values[other], values[i]);
        }
    }

    private static (float[] Mean, float Scale) Moments(Matrix vectors)
    {
        var sums = new double[vectors.Dimension];
        for (int row = 0; row < vectors.Rows; row++)
            for (int d = 0; d < sums.Length; d++)
                sums[d] += vectors[row][d];
        float[] mean = Array.ConvertAll(sums, sum => (float)(sum / vectors.Rows));
        double squares = 0;
        for (int row = 0; row < vectors.Rows; row++)
            for (int d = 0; d < mean.Length; d++)
                squares += Math.Pow((double)vectors[row][d] - mean[d], 2);
        double scale = Math.Sqrt(squares / vectors.Rows / vectors.Dimension);
        return (mean, scale > 0 ? (float)scale : 1);
    }
}

using Tessera.SemanticIds.Neural;

namespace Tessera.SemanticIds.Tests.Neural;

/// <summary>The loss of one batch as one would write it on paper, with what the straight-through estimator holds constant held constant.</summary>
internal sealed class LossOracle
{
    private readonly RQVAEOptions _options;
    private readonly Mlp _encoder;
    private readonly Mlp _decoder;
    private readonly LatentQuantizer _quantizer;
    private readonly double[][] _batch;
    private readonly int[] _codes;
    private readonly double[][] _startLatents;
    private readonly double[][][] _startEntries;

    public LossOracle(RQVAEOptions options, Mlp encoder, Mlp decoder, LatentQuantizer quantizer, float[] data, int rows, int[] codes)
    {
        (_options, _encoder, _decoder, _quantizer, _codes) = (options, encoder, decoder, quantizer, codes);
        _batch = [.. data.Take(rows * encoder.Inputs).Select(value => (double)value).Chunk(encoder.Inputs)];
        _startLatents = [.. _batch.Select(row => Run(_encoder, row))];
        _startEntries = Entries();
    }

    /// <summary>The central difference of the loss by one number, which is put back.</summary>
    public double Derivative(Parameter parameter, int index)
    {
        float before = parameter.Values[index];
        const float Step = 1e-3f;
        parameter.Values[index] = before + Step;
        double above = Loss(), high = parameter.Values[index];
        parameter.Values[index] = before - Step;
        double below = Loss(), low = parameter.Values[index];
        parameter.Values[index] = before;
        return (above - below) / (high - low);
    }

    public double Loss()
    {
        double[][] latents = [.. _batch.Select(row => Run(_encoder, row))];
        double[][][] entries = Entries();
        int levels = entries.Length, size = latents[0].Length;
        double reconstruction = 0, quantisation = 0;
        for (int row = 0; row < _batch.Length; row++)
        {
            double[] residual = [.. latents[row]], constantResidual = [.. _startLatents[row]], decoded = [.. latents[row]];
            for (int d = 0; d < size; d++)
                decoded[d] -= _startLatents[row][d];
            for (int level = 0; level < levels; level++)
            {
                int code = _codes[row * levels + level];
                for (int d = 0; d < size; d++)
                {
                    double constantEntry = _startEntries[level][code][d];
                    double movesEntry = entries[level][code][d] - constantResidual[d], movesLatent = constantEntry - residual[d];
                    quantisation += (movesEntry * movesEntry + _options.Commitment * movesLatent * movesLatent) / levels / size / _batch.Length;
                    residual[d] -= constantEntry;
                    constantResidual[d] -= constantEntry;
                    decoded[d] += _options.FreezeEncoder ? entries[level][code][d] : constantEntry;
                }
            }

            double[] output = Run(_decoder, decoded);
            for (int d = 0; d < output.Length; d++)
            {
                double difference = output[d] - _batch[row][d];
                reconstruction += (_options.Loss == ReconstructionLoss.Squared ? difference * difference : Math.Abs(difference)) / output.Length / _batch.Length;
            }
        }

        return reconstruction + _options.QuantizationWeight * quantisation;
    }

    private double[][][] Entries() =>
        [.. _quantizer.Codebooks.Select(codebook => codebook.Values.Select(value => (double)value).Chunk(_encoder.Outputs).ToArray())];

    private double[] Run(Mlp network, double[] input)
    {
        double[] values = input;
        foreach (DenseLayer layer in network.Layers)
        {
            double[] output = [.. layer.Bias.Values.Select(value => (double)value)];
            for (int i = 0; i < layer.Inputs; i++)
                for (int o = 0; o < layer.Outputs; o++)
                    output[o] += values[i] * layer.Weights.Values[i * layer.Outputs + o];
            values = layer == network.Layers[^1] ? output : [.. output.Select(value => Math.Max(0, value))];
        }

        return _options.Shortcut ? [.. values.Zip(input, (a, b) => a + b)] : values;
    }
}

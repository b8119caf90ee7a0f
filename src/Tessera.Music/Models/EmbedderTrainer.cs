using Tessera.Music.Retrieval;
using Tessera.Vectors;

namespace Tessera.Music.Models;

/// <summary>
/// Learns a <see cref="LearnedEmbedder"/> from pieces alone: of two bars that follow each other the one must tell the other from those of
/// other pieces (noise-contrastive estimation; van den Oord et al., 2018). What stays the same within a piece, its groove and style, remains; the rest is dropped.
/// </summary>
public static class EmbedderTrainer
{
    private const int InputDimension = 512, Batch = 96;
    private const float Temperature = 0.1f;

    /// <summary>Trains an embedder.</summary>
    /// <param name="pieces">Pieces as lists of bars; those of one bar teach nothing.</param>
    /// <param name="dimension">Numbers in each vector, 8 to 512 (default 64).</param>
    /// <param name="steps">Batches of 96 pairs to learn from (default 1200); 0 gives a random projection.</param>
    /// <param name="seed">Seed (default 42).</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The embedder; where there are fewer than two pieces of two bars, a random projection.</returns>
    public static LearnedEmbedder Train(IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> pieces, int dimension = 64, int steps = 1200, ulong seed = 42, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, InputDimension);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        var random = new SeededRandom(seed);
        var weights = new float[InputDimension * dimension];
        // A random projection keeps angles roughly as they are; training starts from there.
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2 / Math.Sqrt(dimension));
        var usable = pieces.Where(piece => piece.Count > 1).ToArray();
        if (usable.Length > 1)
        {
            var run = new Run(usable, weights, dimension);
            for (int step = 0; step < steps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                run.Step(ref random, 0.02f * (1 - (float)step / steps));
            }
        }

        return new LearnedEmbedder(InputDimension, dimension, weights);
    }

    /// <summary>The state of one training: weights, and what Adam remembers of their slopes.</summary>
    private sealed class Run(IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> pieces, float[] weights, int dimension)
    {
        private readonly ProfileEmbedder _profile = new(InputDimension);
        private readonly float[] _inputs = new float[2 * Batch * InputDimension];
        private readonly float[] _outputs = new float[2 * Batch * dimension];
        private readonly float[] _lengths = new float[2 * Batch];
        private readonly float[] _slopes = new float[2 * Batch * dimension];
        private readonly float[] _shares = new float[Batch];
        private readonly float[] _gradient = new float[weights.Length];
        private readonly float[] _mean = new float[weights.Length];
        private readonly float[] _square = new float[weights.Length];

        public void Step(ref SeededRandom random, float rate)
        {
            for (int pair = 0; pair < Batch; pair++)
            {
                var piece = pieces[random.Next(pieces.Count)];
                int bar = random.Next(piece.Count - 1);
                Embed(piece[bar], pair);
                Embed(piece[bar + 1], Batch + pair);
            }

            Array.Clear(_slopes);
            for (int anchor = 0; anchor < Batch; anchor++)
                Contrast(anchor);
            Array.Clear(_gradient);
            for (int row = 0; row < 2 * Batch; row++)
                AddGradient(row);
            for (int i = 0; i < weights.Length; i++)
            {
                _mean[i] = 0.9f * _mean[i] + 0.1f * _gradient[i];
                _square[i] = 0.99f * _square[i] + 0.01f * _gradient[i] * _gradient[i];
                weights[i] -= rate * 0.1f * _mean[i] / (MathF.Sqrt(_square[i]) + 1e-6f);
            }
        }

        private Span<float> Output(int row) => _outputs.AsSpan(row * dimension, dimension);

        private Span<float> Slope(int row) => _slopes.AsSpan(row * dimension, dimension);

        private void Embed(IReadOnlyList<string> bar, int row)
        {
            Span<float> input = _inputs.AsSpan(row * InputDimension, InputDimension), output = Output(row);
            _profile.Embed([.. bar], input);
            output.Clear();
            for (int i = 0; i < input.Length; i++)
            {
                if (input[i] != 0)
                    AddScaled(output, weights.AsSpan(i * dimension, dimension), input[i]);
            }

            _lengths[row] = MathF.Max(1e-6f, MathF.Sqrt(Dot(output, output)));
            for (int d = 0; d < dimension; d++)
                output[d] /= _lengths[row];
        }

        /// <summary>Softmax over all followers; the slope pulls the anchor to its own and pushes it from the others.</summary>
        private void Contrast(int anchor)
        {
            float sum = 0;
            for (int other = 0; other < Batch; other++)
                sum += _shares[other] = MathF.Exp((Dot(Output(anchor), Output(Batch + other)) - 1) / Temperature);
            for (int other = 0; other < Batch; other++)
            {
                float slope = (_shares[other] / sum - (other == anchor ? 1 : 0)) / (Temperature * Batch);
                AddScaled(Slope(anchor), Output(Batch + other), slope);
                AddScaled(Slope(Batch + other), Output(anchor), slope);
            }
        }

        private void AddGradient(int row)
        {
            // Through the scaling to length 1: what points along the vector changes nothing.
            Span<float> slope = Slope(row), output = Output(row);
            AddScaled(slope, output, -Dot(slope, output));
            ReadOnlySpan<float> input = _inputs.AsSpan(row * InputDimension, InputDimension);
            for (int i = 0; i < input.Length; i++)
            {
                if (input[i] != 0)
                    AddScaled(_gradient.AsSpan(i * dimension, dimension), slope, input[i] / _lengths[row]);
            }
        }

        private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        {
            float sum = 0;
            for (int i = 0; i < a.Length; i++)
                sum += a[i] * b[i];
            return sum;
        }

        private static void AddScaled(Span<float> sum, ReadOnlySpan<float> values, float factor)
        {
            for (int i = 0; i < sum.Length; i++)
                sum[i] += factor * values[i];
        }
    }
}

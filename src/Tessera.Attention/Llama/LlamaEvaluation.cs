using Tessera.Attention.Configuration;

namespace Tessera.Attention.Llama;

/// <summary>Measures ways of attention end to end: the same texts, token by token, once dense and once each way, side by side.</summary>
/// <param name="model">The model.</param>
/// <param name="texts">Tokens of each text; what is beyond the model's context is left out.</param>
public sealed class LlamaEvaluation(LlamaModel model, IReadOnlyList<IReadOnlyList<int>> texts)
{
    /// <summary>Runs all texts.</summary>
    /// <param name="config">The index.</param>
    /// <param name="options">Of the cache.</param>
    /// <param name="attend">The way of attention.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    public LlamaScore Measure(IndexConfig config, HiraCacheOptions options, AttendOptions attend, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        long scored = 0, scorable = 0;
        double negativeLog = 0, divergence = 0;
        int tokens = 0, agreements = 0;
        var expected = new double[model.Shape.Vocabulary];
        var actual = new double[model.Shape.Vocabulary];
        using var denseCache = new HiraCache(new KMeansIndexConfig { NumLevels = 1 }, options);
        using var cache = new HiraCache(config, options);
        foreach (IReadOnlyList<int> text in texts)
        {
            denseCache.Reset();
            cache.Reset();
            var dense = new LlamaSession(model, denseCache, AttendOptions.Dense);
            var session = new LlamaSession(model, cache, attend);
            int length = Math.Min(text.Count, model.Shape.Context);
            for (int i = 0; i + 1 < length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadOnlySpan<float> denseLogits = dense.Next(text[i]), logits = session.Next(text[i]);
                LlamaSampling.LogProbabilities(denseLogits, expected);
                LlamaSampling.LogProbabilities(logits, actual);
                negativeLog -= actual[text[i + 1]];
                divergence += Divergence(expected, actual);
                agreements += LlamaSampling.Greedy(denseLogits) == LlamaSampling.Greedy(logits) ? 1 : 0;
                tokens++;
            }

            scored += session.Scored;
            scorable += session.Scorable;
        }

        int places = Math.Max(1, tokens);
        return new LlamaScore(
            texts.Count, tokens, Math.Exp(negativeLog / places), divergence / places, (double)agreements / places, (double)scored / Math.Max(1, scorable));
    }

    private static double Divergence(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        double sum = 0;
        for (int token = 0; token < expected.Length; token++)
            sum += Math.Exp(expected[token]) * (expected[token] - actual[token]);
        return sum;
    }
}

using Tessera.Music.Retrieval;
using Tessera.Vectors;

namespace Tessera.Music.Models;

/// <summary>Learns what each source of a <see cref="RetrievalFusion"/> weighs in which context, on pieces that neither the model nor the index has seen.</summary>
public static class FusionTrainer
{
    private const int Epochs = 12, Batch = 256;
    private const int Odds = FusionWeights.Sources * FusionWeights.Features;

    /// <summary>Learns weights by Adam (Kingma and Ba, 2015) on the likelihood of the next tokens.</summary>
    /// <param name="model">A model.</param>
    /// <param name="index">An index.</param>
    /// <param name="heldOut">Pieces that neither has seen, and the parent genre of each; those of genres that the index lacks are left out.</param>
    /// <param name="config">What the fusion is to be used with; its family does not matter.</param>
    /// <param name="threads">Threads; 0 (default) uses every processor.</param>
    /// <param name="seed">Seed of the order in which examples come (default 42).</param>
    /// <param name="cancellationToken">Stops between pieces and batches.</param>
    /// <returns>The weights, or the defaults where there is nothing to learn from.</returns>
    public static FusionWeights Fit(
        ITokenModel model,
        HierarchicalStyleIndex index,
        IReadOnlyList<(string Parent, IReadOnlyList<string> Tokens)> heldOut,
        RetrievalConfig config,
        int threads = 0,
        ulong seed = 42,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(heldOut);
        ArgumentNullException.ThrowIfNull(config);
        var usable = heldOut.Where(piece => index.ParentGenres.Contains(piece.Parent)).GroupBy(piece => piece.Parent, StringComparer.Ordinal).ToArray();
        var examples = new List<Example>[usable.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? -1 : threads, CancellationToken = cancellationToken };
        Parallel.For(0, usable.Length, parallel, i =>
        {
            var own = new RetrievalConfig { FamilyIndex = usable[i].Key, NgramSize = config.NgramSize, TopKPatterns = config.TopKPatterns, OnlineLearning = config.OnlineLearning };
            var fusion = new RetrievalFusion(index, model.Vocabulary, own);
            examples[i] = [.. usable[i].SelectMany(piece => Examples(model, fusion.Mixture!, piece.Tokens, cancellationToken))];
        });
        Example[] all = [.. examples.SelectMany(own => own)];
        return all.Length == 0 ? FusionWeights.Default : new FusionWeights(Descend(all, seed, cancellationToken));
    }

    private static List<Example> Examples(ITokenModel model, ProbabilityFusion fusion, IReadOnlyList<string> tokens, CancellationToken cancellationToken)
    {
        int[] ids = model.Vocabulary.Encode(tokens);
        var logits = new float[model.Vocabulary.Count];
        var examples = new List<Example>(ids.Length);
        for (int i = Math.Max(1, Array.IndexOf(ids, model.Vocabulary.IdOf("BAR"))); i < ids.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ids[i] < 0)
                continue;
            model.Predict(ids.AsSpan(0, i), logits);
            fusion.Gather(ids.AsSpan(0, i));
            (float own, float top) = Softmax(logits, ids[i]);
            var example = new Example(own);
            for (int source = 0; source < FusionWeights.Sources; source++)
            {
                Evidence evidence = fusion.Sources[source];
                example.Probabilities[source] = evidence.Longest > 0 ? evidence[ids[i]] : -1;
                ProbabilityFusion.Features(evidence, top, example.Features.AsSpan(source * FusionWeights.Features, FusionWeights.Features));
            }

            examples.Add(example);
        }

        return examples;
    }

    private static (float OfToken, float Top) Softmax(ReadOnlySpan<float> logits, int token)
    {
        float most = float.NegativeInfinity, sum = 0;
        foreach (float logit in logits)
            most = Math.Max(most, logit);
        foreach (float logit in logits)
            sum += MathF.Exp(logit - most);
        return (MathF.Exp(logits[token] - most) / sum, 1 / sum);
    }

    private static float[] Descend(Example[] examples, ulong seed, CancellationToken cancellationToken)
    {
        float[] weights = [.. FusionWeights.Default.Values];
        var gradient = new double[Odds];
        var mean = new double[Odds];
        var square = new double[Odds];
        var random = new SeededRandom(seed);
        int step = 0;
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            for (int batch = 0; batch < (examples.Length + Batch - 1) / Batch; batch++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Array.Clear(gradient);
                for (int i = 0; i < Batch; i++)
                    AddGradient(examples[random.Next(examples.Length)], weights, gradient);
                step++;
                double rate = 0.05 / (1 + epoch);
                for (int i = 0; i < Odds; i++)
                {
                    double slope = gradient[i] / Batch;
                    mean[i] = 0.9 * mean[i] + 0.1 * slope;
                    square[i] = 0.999 * square[i] + 0.001 * slope * slope;
                    double towards = mean[i] / (1 - Math.Pow(0.9, step)), spread = Math.Sqrt(square[i] / (1 - Math.Pow(0.999, step)));
                    weights[i] += (float)(rate * towards / (spread + 1e-8));
                }
            }
        }

        return weights;
    }

    /// <summary>The slope of the log likelihood: how much more a source explains the token than its gate expected.</summary>
    private static void AddGradient(Example example, ReadOnlySpan<float> weights, Span<double> gradient)
    {
        Span<double> gates = stackalloc double[FusionWeights.Sources];
        double sum = 1, explained = example.Model;
        for (int source = 0; source < gates.Length; source++)
        {
            if (example.Probabilities[source] < 0)
                continue;
            double odds = 0;
            for (int i = 0; i < FusionWeights.Features; i++)
                odds += weights[source * FusionWeights.Features + i] * example.Features[source * FusionWeights.Features + i];
            gates[source] = Math.Exp(Math.Clamp(odds, -20, 20));
            sum += gates[source];
            explained += gates[source] * example.Probabilities[source];
        }

        for (int source = 0; source < gates.Length; source++)
        {
            if (example.Probabilities[source] < 0)
                continue;
            double surprise = gates[source] * example.Probabilities[source] / explained - gates[source] / sum;
            for (int i = 0; i < FusionWeights.Features; i++)
                gradient[source * FusionWeights.Features + i] += surprise * example.Features[source * FusionWeights.Features + i];
        }
    }

    /// <summary>One token to be predicted: its probability by the model and by each source (below 0 where that one is silent), and what the gates are fed.</summary>
    private sealed record Example(float Model)
    {
        public float[] Probabilities { get; } = new float[FusionWeights.Sources];

        public float[] Features { get; } = new float[Odds];
    }
}

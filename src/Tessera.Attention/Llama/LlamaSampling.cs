namespace Tessera.Attention.Llama;

/// <summary>The choice of a next token.</summary>
public static class LlamaSampling
{
    /// <summary>The likeliest token; the lowest of equals.</summary>
    public static int Greedy(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int token = 1; token < logits.Length; token++)
        {
            if (logits[token] > logits[best])
                best = token;
        }

        return best;
    }

    /// <summary>A token drawn by its probability.</summary>
    /// <param name="logits">The logits.</param>
    /// <param name="temperature">Above 0: below 1 sharpens, above flattens.</param>
    /// <param name="random">Where chance comes from.</param>
    public static int Draw(ReadOnlySpan<float> logits, double temperature, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        double largest = logits[Greedy(logits)], total = 0;
        foreach (float logit in logits)
            total += Math.Exp((logit - largest) / temperature);
        double at = random.NextDouble() * total;
        for (int token = 0; token < logits.Length; token++)
        {
            at -= Math.Exp((logits[token] - largest) / temperature);
            if (at < 0)
                return token;
        }

        return Greedy(logits);
    }

    /// <summary>The logarithms of the probabilities.</summary>
    public static void LogProbabilities(ReadOnlySpan<float> logits, Span<double> target)
    {
        double largest = logits[Greedy(logits)], total = 0;
        foreach (float logit in logits)
            total += Math.Exp(logit - largest);
        double offset = largest + Math.Log(total);
        for (int token = 0; token < logits.Length; token++)
            target[token] = logits[token] - offset;
    }
}

using Tessera.Music.Models;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

namespace Tessera.Music.Evaluation;

/// <summary>How well pieces are predicted: e to the mean negative log probability of a token. Tokens up to the first bar (style, tempo and the like) are given, not predicted.</summary>
/// <param name="Tokens">Tokens that were predicted.</param>
/// <param name="NegativeLog">The sum of their negative natural log probabilities.</param>
public readonly record struct Perplexity(long Tokens, double NegativeLog)
{
    /// <summary>The perplexity; 1 for none.</summary>
    public double Value => Tokens == 0 ? 1 : Math.Exp(NegativeLog / Tokens);

    /// <summary>Of both together.</summary>
    public static Perplexity operator +(Perplexity a, Perplexity b) => Add(a, b);

    /// <summary>Of both together.</summary>
    public static Perplexity Add(Perplexity left, Perplexity right) => new(left.Tokens + right.Tokens, left.NegativeLog + right.NegativeLog);

    /// <summary>Measures one piece.</summary>
    /// <param name="model">The model.</param>
    /// <param name="fusion">The bias, or null for the model alone.</param>
    /// <param name="piece">The tokens of the piece. Those that the model lacks are passed over, for all models alike.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    public static Perplexity Of(ITokenModel model, RetrievalFusion? fusion, IReadOnlyList<string> piece, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        int[] ids = model.Vocabulary.Encode(piece);
        int first = Array.IndexOf(ids, model.Vocabulary.IdOf("BAR"));
        var logits = new float[model.Vocabulary.Count];
        double sum = 0;
        long count = 0;
        for (int i = Math.Max(0, first); i < ids.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ids[i] == Vocabulary.Unknown)
                continue;
            model.Predict(ids.AsSpan(0, i), logits);
            fusion?.ApplyRetrievalBias(logits, ids.AsSpan(0, i));
            sum += NegativeLogOf(logits, ids[i]);
            count++;
        }

        return new Perplexity(count, sum);
    }

    private static double NegativeLogOf(ReadOnlySpan<float> logits, int token)
    {
        float most = float.NegativeInfinity;
        foreach (float logit in logits)
            most = Math.Max(most, logit);
        double sum = 0;
        foreach (float logit in logits)
            sum += MathF.Exp(logit - most);
        return most + Math.Log(sum) - logits[token];
    }
}

using Tessera.Music.Tokens;

namespace Tessera.Music.Models;

/// <summary>Says what may come next. Implement it to put another model behind the sampler; several threads may ask at once.</summary>
public interface ITokenModel
{
    /// <summary>The tokens that it knows.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>Writes a logit for each token: a logarithm of its probability, up to a constant.</summary>
    /// <param name="generated">The sequence so far, as ids of the vocabulary; <see cref="Vocabulary.Unknown"/> for a token that it lacks.</param>
    /// <param name="logits">Receives one number for each token.</param>
    void Predict(ReadOnlySpan<int> generated, Span<float> logits);
}

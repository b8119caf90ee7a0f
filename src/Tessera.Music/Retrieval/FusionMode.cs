namespace Tessera.Music.Retrieval;

/// <summary>How what was retrieved and what the model says become one.</summary>
public enum FusionMode
{
    /// <summary>
    /// Probabilities are mixed: the model's, those of the longest matches in the genre, of bars like the last one, and of the piece's own past,
    /// each weighed by how long its match is and how far its places agree.
    /// </summary>
    Probability,

    /// <summary>
    /// The reference document's: <c>(1 - w) * logits + w * p / temperature_scale</c>, with p the share of each token behind the last n-gram
    /// in the patterns, and w = fusion weight * (1 + child bias). It hardly moves a model that is sure of itself.
    /// </summary>
    Reference,
}

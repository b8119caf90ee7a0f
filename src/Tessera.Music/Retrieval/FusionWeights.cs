namespace Tessera.Music.Retrieval;

/// <summary>
/// What each source weighs against the model, as a logistic mixture of experts (Jacobs et al., 1991): the log odds of a source are linear in
/// how long its match is, how far its places agree, and how sure the model is. The numbers hold for a fusion weight of 0.1.
/// </summary>
/// <param name="Values">For each of the sources (the genre's longest matches, similar bars, the piece's own past) <see cref="Features"/> numbers.</param>
public sealed record FusionWeights(IReadOnlyList<float> Values)
{
    /// <summary>Sources besides the model.</summary>
    public const int Sources = 3;

    /// <summary>Numbers for each source: a constant, log2(1 + length of the match), the largest probability of the source, that of the model, and log2(1 + places found) or, for similar bars, the best similarity.</summary>
    public const int Features = 5;

    /// <summary>Learned on a held-out part of drum performances; good for other packs too.</summary>
    public static FusionWeights Default { get; } = new(
    [
        -7.1f, 1.27f, 0.73f, 1.99f, -0.06f,
        -6.19f, 0.59f, -0.05f, 0.73f, 4.16f,
        -4.03f, 0.27f, 2.15f, 0.14f, 0.62f,
    ]);

    /// <summary>Refuses a wrong number of values and values that are not finite.</summary>
    internal void Validate()
    {
        if (Values.Count != Sources * Features || !Values.All(float.IsFinite))
            throw new ArgumentException($"There are {Values.Count} weights; {Sources * Features} finite numbers are needed.", nameof(Values));
    }
}

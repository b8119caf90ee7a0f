namespace Tessera.CodeMap.Layers;

/// <summary>Why the layers end where they do.</summary>
/// <param name="Reason">The rule that stopped the building.</param>
/// <param name="Layer">The last layer there is; 0 when there are only entities.</param>
/// <param name="Explanation">One sentence for a person, with the numbers.</param>
public sealed record LayerTermination(TerminationReason Reason, int Layer, string Explanation)
{
    /// <summary>That of a map which has only its entities until now.</summary>
    public static LayerTermination NotBuilt { get; } = new(TerminationReason.NotBuilt, 0, "the layers have not been built yet");
}

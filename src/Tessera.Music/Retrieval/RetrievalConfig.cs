namespace Tessera.Music.Retrieval;

/// <summary>What a <see cref="RetrievalFusion"/> is to prefer, and how much.</summary>
public sealed record RetrievalConfig
{
    /// <summary>The parent genre's name, such as "pop".</summary>
    public required string FamilyIndex { get; init; }

    /// <summary>How much patterns of the child are preferred, 0 to 1 (default 0).</summary>
    public float ChildBias { get; init; }

    /// <summary>The child genre, or null (default) for the parent alone.</summary>
    public string? ChildGenre { get; init; }

    /// <summary>How much retrieval weighs against the model, 0 to 1 (default 0.1). When probabilities are mixed it scales the odds of retrieval, which are as learned at 0.1.</summary>
    public float FusionWeight { get; init; } = 0.1f;

    /// <summary>Tokens of context that are looked up in <see cref="FusionMode.Reference"/>, and the least that count in <see cref="FusionMode.Probability"/> (default 3).</summary>
    public int NgramSize { get; init; } = 3;

    /// <summary>Patterns that similarity search retrieves at each new bar (default 5; 0 for none).</summary>
    public int TopKPatterns { get; init; } = 5;

    /// <summary>What retrieved probabilities are divided by in <see cref="FusionMode.Reference"/>; in <see cref="FusionMode.Probability"/> they are raised to 1 over it (default 1).</summary>
    public float TemperatureScale { get; init; } = 1;

    /// <summary>How both become one (default <see cref="FusionMode.Probability"/>).</summary>
    public FusionMode Mode { get; init; } = FusionMode.Probability;

    /// <summary>Whether the piece's own past is a source too, as if each bar were added to the index when it is done (default true; <see cref="FusionMode.Probability"/> only).</summary>
    public bool OnlineLearning { get; init; } = true;

    /// <summary>What each source weighs in which context; null (default) for <see cref="FusionWeights.Default"/>.</summary>
    public FusionWeights? Weights { get; init; }

    /// <summary>Refuses a setting that is out of range, by its own name.</summary>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(FamilyIndex);
        RequireShare(ChildBias, nameof(ChildBias));
        RequireShare(FusionWeight, nameof(FusionWeight));
        if (NgramSize is < 1 or > ContextOrder.MaxDepth)
            throw new ArgumentOutOfRangeException(nameof(NgramSize), NgramSize, $"Give 1 to {ContextOrder.MaxDepth} tokens.");
        ArgumentOutOfRangeException.ThrowIfNegative(TopKPatterns);
        if (!(TemperatureScale > 0) || !float.IsFinite(TemperatureScale))
            throw new ArgumentOutOfRangeException(nameof(TemperatureScale), TemperatureScale, "Give a number above 0.");
    }

    private static void RequireShare(float value, string name)
    {
        if (!(value is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(name, value, "Give a number from 0 to 1.");
    }
}

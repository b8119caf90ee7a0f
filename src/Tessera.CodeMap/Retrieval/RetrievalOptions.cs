namespace Tessera.CodeMap.Retrieval;

/// <summary>How a question is answered.</summary>
public sealed record RetrievalOptions
{
    /// <summary>The defaults.</summary>
    public static RetrievalOptions Default { get; } = new();

    /// <summary>Which way the question takes (default hybrid).</summary>
    public RetrievalMode Mode { get; init; }

    /// <summary>Answers of each sort at most, at least 1 (default 10).</summary>
    public int Limit { get; init; } = 10;

    /// <summary>Tokens of source that the entities may have together, a token being about four letters; 0 (default) for no limit. What does not fit is passed over for what does.</summary>
    public int Budget { get; init; }

    internal void Validate()
    {
        if (!Enum.IsDefined(Mode))
            throw new ArgumentOutOfRangeException(nameof(Mode), Mode, "Mode must be Hybrid, Local, Words, Global or Bridge.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Limit, 1, nameof(Limit));
        ArgumentOutOfRangeException.ThrowIfNegative(Budget, nameof(Budget));
    }
}

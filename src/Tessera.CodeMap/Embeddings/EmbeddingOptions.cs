namespace Tessera.CodeMap.Embeddings;

/// <summary>How entities are handed to an embedding model.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>The defaults.</summary>
    public static EmbeddingOptions Default { get; } = new();

    /// <summary>Texts of one call, at least 1 (default 32).</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Calls at one time, at least 1 (default 4).</summary>
    public int Calls { get; init; } = 4;

    /// <summary>Letters of an entity that the model is shown, at least 100 (default 6,000: about 2,000 tokens, which most models take).</summary>
    public int Letters { get; init; } = 6000;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1, nameof(BatchSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(Calls, 1, nameof(Calls));
        ArgumentOutOfRangeException.ThrowIfLessThan(Letters, 100, nameof(Letters));
    }
}

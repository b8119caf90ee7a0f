using Tessera.Indexes;

namespace Tessera.Music.Retrieval;

/// <summary>How a <see cref="HierarchicalStyleIndex"/> is built.</summary>
public sealed record StyleIndexOptions
{
    /// <summary>Numbers in each embedding (default 512); for a learned <see cref="Embedder"/> its own.</summary>
    public int EmbeddingDim { get; init; } = 512;

    /// <summary>What scores of children's patterns are multiplied by (default 1.5).</summary>
    public float ChildWeight { get; init; } = 1.5f;

    /// <summary>How patterns become vectors; null (default) for a <see cref="ProfileEmbedder"/> of <see cref="EmbeddingDim"/>.</summary>
    public IPatternEmbedder? Embedder { get; init; }

    /// <summary>The kind of index for each genre, as <see cref="IndexFactory"/> has it; null (default) is exact up to <see cref="ApproximateFrom"/> patterns and inverted lists above.</summary>
    public string? Specification { get; init; }

    /// <summary>Patterns of one genre from which it is searched approximately (default 20,000).</summary>
    public int ApproximateFrom { get; init; } = 20_000;

    /// <summary>Seed of what training there is (default 42).</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads; 0 (default) uses every processor.</summary>
    public int Threads { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(EmbeddingDim, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(EmbeddingDim, VectorIndex.MaxDimension);
        if (!(ChildWeight > 0) || !float.IsFinite(ChildWeight))
            throw new ArgumentOutOfRangeException(nameof(ChildWeight), ChildWeight, "The weight of children is a number above 0, such as 1.5.");
        ArgumentOutOfRangeException.ThrowIfLessThan(ApproximateFrom, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
    }
}

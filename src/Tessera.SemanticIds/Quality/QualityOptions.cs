using Tessera.Vectors;

namespace Tessera.SemanticIds.Quality;

/// <summary>How the quality of codes is measured.</summary>
public sealed record QualityOptions
{
    /// <summary>Neighbours K of recall@K and NDCG@K, at least 1 (default 10).</summary>
    public int K { get; init; } = 10;

    /// <summary>Items whose neighbours are looked for, drawn at random; at least 1 (default 1000).</summary>
    public int Queries { get; init; } = 1000;

    /// <summary>Pairs of items of which distances are correlated, drawn at random; at least 2 (default 20,000).</summary>
    public int Pairs { get; init; } = 20_000;

    /// <summary>What true neighbours are: by L2 (default) or cosine.</summary>
    public Metric Metric { get; init; } = Metric.L2;

    /// <summary>Seed of what is drawn (default 42).</summary>
    public ulong Seed { get; init; } = 42;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(K, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Queries, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Pairs, 2);
        if (Metric is not (Metric.L2 or Metric.Cosine))
            throw new ArgumentOutOfRangeException(nameof(Metric), Metric, "The metric must be L2 or Cosine.");
    }
}

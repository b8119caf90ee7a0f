using Tessera.Vectors;

namespace Tessera.SemanticIds;

/// <summary>Settings of <see cref="RQKMeans"/>.</summary>
public sealed record RQKMeansOptions
{
    /// <summary>Levels of the codes, at least 1 (default 4).</summary>
    public int Levels { get; init; } = 4;

    /// <summary>Codes of a level: one number for all levels, or one for each, such as 4, 4, 8 (default 256). At least 1 each.</summary>
    public IReadOnlyList<int> Clusters { get; init; } = [256];

    /// <summary>Whether codes are balanced (default no).</summary>
    public RQKMeansImplementation Implementation { get; init; } = RQKMeansImplementation.KMeans;

    /// <summary>L2 (default), or cosine: vectors are brought to length 1 before anything else, and decode to about that length.</summary>
    public Metric Metric { get; init; } = Metric.L2;

    /// <summary>Brings what reaches each level to length 1 before it is clustered and coded (default no), so that each level tells directions apart; decoding takes the mean length.</summary>
    public bool NormalizeResiduals { get; init; }

    /// <summary>Most iterations of a level's k-means, at least 1 (default 100).</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>A level is done when an iteration lowers the error by less than this share of it (default 0.0001).</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Runs of each level from different starts, of which the best is kept, at least 1 (default 1; the Python original makes 10).</summary>
    public int Redo { get; init; } = 1;

    /// <summary>Seed of all random choices (default 42); level l takes seed + l.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>The codes of each level, one number for each.</summary>
    internal int[] ClustersByLevel() => Clusters.Count == 1 ? [.. Enumerable.Repeat(Clusters[0], Levels)] : [.. Clusters];

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Levels, 1);
        ArgumentNullException.ThrowIfNull(Clusters);
        if (Clusters.Count != 1 && Clusters.Count != Levels)
            throw new ArgumentException($"{nameof(Clusters)} has {Clusters.Count} numbers for {Levels} levels; give one for all levels or one for each.", nameof(Clusters));
        if (Clusters.Any(clusters => clusters < 1))
            throw new ArgumentException($"{nameof(Clusters)} is {string.Join(", ", Clusters)}; every level needs at least 1 code.", nameof(Clusters));
        if (Metric is not (Metric.L2 or Metric.Cosine))
            throw new ArgumentOutOfRangeException(nameof(Metric), Metric, "The metric must be L2 or Cosine.");
        if (!Enum.IsDefined(Implementation))
            throw new ArgumentOutOfRangeException(nameof(Implementation), Implementation, "The implementation must be KMeans or Constrained.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Iterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Redo, 1);
        if (!(Tolerance is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "The tolerance must be in [0, 1).");
    }
}

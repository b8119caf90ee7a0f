namespace Tessera.Colors.Indexes;

/// <summary>When an <see cref="AnnMonitor"/> warns, and what it remembers.</summary>
public sealed record AnnMonitorOptions
{
    /// <summary>The defaults: no warnings.</summary>
    public static AnnMonitorOptions Default { get; } = new();

    /// <summary>Measured bytes of the index above which to warn; 0 (default) never.</summary>
    public long MemoryThreshold { get; init; }

    /// <summary>Recall of a spot check below which to warn, 0 to 1; 0 (default) never.</summary>
    public double RecallThreshold { get; init; }

    /// <summary>True neighbours of each query of a spot check, at least 1 (default 10).</summary>
    public int Neighbors { get; init; } = 10;

    /// <summary>Candidates among which they are looked for, at least <see cref="Neighbors"/> (default 256).</summary>
    public int Candidates { get; init; } = 256;

    /// <summary>Samples that are remembered of each kind, the latest ones; at least 1 (default 1000).</summary>
    public int History { get; init; } = 1000;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MemoryThreshold);
        if (!(RecallThreshold is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(RecallThreshold), RecallThreshold, "The recall is between 0 and 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Neighbors, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Candidates, Neighbors);
        ArgumentOutOfRangeException.ThrowIfLessThan(History, 1);
    }
}

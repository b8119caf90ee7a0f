namespace Tessera.Monitoring;

/// <summary>How a <see cref="RecallMonitor"/> samples.</summary>
public sealed record RecallMonitorOptions
{
    /// <summary>The defaults.</summary>
    public static RecallMonitorOptions Default { get; } = new();

    /// <summary>Share of the queries that are searched again exactly, above 0 and at most 1 (default 0.001).</summary>
    public double Share { get; init; } = 0.001;

    /// <summary>Checked queries of which the mean is reported, the latest ones; at least 1 (default 1000).</summary>
    public int Window { get; init; } = 1000;

    /// <summary>Queries that may wait to be checked, at least 1 (default 64); those that come when so many wait are passed over.</summary>
    public int Queue { get; init; } = 64;

    internal void Validate()
    {
        if (!(Share is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Share), Share, "The share is above 0 and at most 1, such as 0.001.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Window, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Queue, 1);
    }
}

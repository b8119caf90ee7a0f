namespace Tessera.Search;

/// <summary>How <see cref="IndexEvaluation"/> and <see cref="IndexTuner"/> measure.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The defaults.</summary>
    public static EvaluationOptions Default { get; } = new();

    /// <summary>Neighbours asked for, at least 1 (default 10).</summary>
    public int K { get; init; } = 10;

    /// <summary>
    /// Queries in one call. 0 (default) puts all queries into one batch for the throughput, as large searches are done, and takes
    /// the latencies from single queries, as a user waits for them. A number measures both with calls of so many: 1 are single
    /// queries, one after the other on the caller's thread.
    /// </summary>
    public int Batch { get; init; }

    /// <summary>Timed passes over all queries, of which the median gives the throughput; at least 1 (default 5).</summary>
    public int Passes { get; init; } = 5;

    /// <summary>Untimed searching before the timed passes, at least one pass (default 0.5 s): long enough for the runtime to have compiled the hot loops in their final form.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Knobs of the searches; the one that the evaluation turns is overwritten.</summary>
    public SearchOptions Search { get; init; } = SearchOptions.Default;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(K, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(Passes, 1);
        ArgumentNullException.ThrowIfNull(Search);
    }
}

namespace Tessera.Stores.CodeMap;

/// <summary>How <see cref="RedisJobs"/> treats jobs.</summary>
public sealed record JobQueueOptions
{
    /// <summary>The environment variable with the queue's name.</summary>
    public const string NameVariable = "HZ_HIRAG_JOBS_QUEUE";

    /// <summary>The queue's name where nothing else is said.</summary>
    public const string DefaultName = "hirag_jobs";

    /// <summary>The list that jobs are pushed to, and what the names of all other keys begin with; null (default) for what <see cref="NameVariable"/> says, or else <see cref="DefaultName"/>.</summary>
    public string? Name { get; init; }

    /// <summary>Time without a heartbeat after which a job is given to another worker, at least 100 ms (default 30 s).</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a job is handed out before it becomes a dead letter, at least 1 (default 5).</summary>
    public int Deliveries { get; init; } = 5;

    /// <summary>Wait before a job that failed is handed out again (default 2 s), doubled with each further failure.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest such wait (default 5 minutes).</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromMinutes(5);

    internal string ResolvedName => Name ?? (Environment.GetEnvironmentVariable(NameVariable) is { } name && !string.IsNullOrWhiteSpace(name) ? name : DefaultName);

    internal void Validate()
    {
        if (Name is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(Name, nameof(Name));
        ArgumentOutOfRangeException.ThrowIfLessThan(Lease, TimeSpan.FromMilliseconds(100), nameof(Lease));
        ArgumentOutOfRangeException.ThrowIfLessThan(Deliveries, 1, nameof(Deliveries));
        ArgumentOutOfRangeException.ThrowIfLessThan(BackOff, TimeSpan.Zero, nameof(BackOff));
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestBackOff, BackOff, nameof(LongestBackOff));
    }
}

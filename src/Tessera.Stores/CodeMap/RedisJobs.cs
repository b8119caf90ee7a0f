using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;

namespace Tessera.Stores.CodeMap;

/// <summary>
/// Jobs in a Redis server (5 or newer), pushed by anyone with <c>LPUSH hirag_jobs '{"repo":"..","commit":"..","k":0,"min_clusters":3}'</c>.
/// A job that is handed out stays in the server until its worker says that it is done: it is leased, the worker's heartbeats prolong
/// the lease, and when they stay out another worker gets the job. What fails waits longer each time and becomes a dead letter in the
/// end. Whether jobs outlive a crash of the server is up to its configuration (<c>appendonly yes</c>; with <c>appendfsync always</c>
/// not even the last second is lost). Any number of threads may use one queue; not for a Redis Cluster that would spread its keys.
/// </summary>
public sealed class RedisJobs : IDisposable
{
    private static readonly TimeSpan RepositoryWait = TimeSpan.FromSeconds(1);

    private readonly RedisConnection _connection;
    private readonly JobQueueOptions _options;
    private readonly RedisKey[] _keys;

    /// <summary>Connects to a server. One that goes away later is connected to again by itself.</summary>
    /// <param name="configuration"><c>host:port</c>, <c>redis://host:port</c>, and what else StackExchange.Redis takes behind commas (<c>password=...</c>, <c>ssl=true</c>).</param>
    /// <param name="options">Leases and waits; null for the defaults.</param>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public RedisJobs(string configuration, JobQueueOptions? options = null)
    {
        _options = options ?? new JobQueueOptions();
        _options.Validate();
        Name = _options.ResolvedName;
        _connection = new RedisConnection(configuration);
        _keys = [Name, .. ((string[])["pending", "leases", "delayed", "deliveries", "tokens", "dead", "ids", "keys", "reasons", "counters"]).Select(key => (RedisKey)$"{Name}:{key}")];
    }

    /// <summary>The queue's name, which is that of the list that jobs are pushed to.</summary>
    public string Name { get; }

    /// <summary>How often a lease is to be prolonged: a third of it.</summary>
    public TimeSpan HeartbeatInterval => _options.Lease / 3;

    /// <summary>How many jobs are where.</summary>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public JobQueueStatus Status
    {
        get
        {
            long[] counts = [.. ((RedisValue[])Run(JobScripts.Status)).Select(count => (long)count)];
            return new JobQueueStatus(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
        }
    }

    /// <summary>Jobs that were given up, the oldest first.</summary>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public IReadOnlyList<DeadLetter> DeadLetters => _connection.Ask(database => database.HashGetAll(_keys[6])
        .Select(entry => JsonSerializer.Deserialize((string)entry.Value!, CodeMapJobJson.Default.DeadLetter)!)
        .OrderBy(letter => letter.Time)
        .ThenBy(letter => letter.Id, StringComparer.Ordinal)
        .ToArray());

    /// <summary>Pushes a job.</summary>
    /// <param name="job">The job.</param>
    /// <returns>Jobs that wait now.</returns>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public long Enqueue(CodeMapJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return _connection.Ask(database => database.ListLeftPush(_keys[0], CodeMapJob.Parse(job.ToJson()).ToJson()));
    }

    /// <summary>Takes the next job: one whose wait is over, or else the oldest that was pushed. Leases that ran out are cleared first.</summary>
    /// <returns>Null where there is none now.</returns>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public JobLease? Claim()
    {
        RedisResult answer = Run(JobScripts.Claim, Milliseconds(_options.Lease), _options.Deliveries, Milliseconds(_options.BackOff), Milliseconds(_options.LongestBackOff));
        if (answer.IsNull)
            return null;
        string[] fields = (string[])answer;
        return new JobLease(fields[0], fields[1], Number<int>(fields[2]), Number<long>(fields[3]), Number<long>(fields[4]));
    }

    /// <summary>Asks whether a job is to be done, or is being done already.</summary>
    /// <param name="lease">Its lease.</param>
    /// <param name="job">What it asks for.</param>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public JobVerdict Begin(JobLease lease, CodeMapJob job)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(job);
        return Enum.Parse<JobVerdict>((string)Run(JobScripts.Begin, lease.Id, lease.Token, job.Key, job.Commit is null ? "0" : "1", Milliseconds(RepositoryWait), $"repo:{job.Repo}"));
    }

    /// <summary>Prolongs a lease.</summary>
    /// <param name="lease">The lease.</param>
    /// <returns>False where it is lost: the work is to be stopped.</returns>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public bool Heartbeat(JobLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return (bool)Run(JobScripts.Heartbeat, lease.Id, lease.Token, Milliseconds(_options.Lease));
    }

    /// <summary>Takes a job that is done out of the queue.</summary>
    /// <param name="lease">Its lease.</param>
    /// <returns>False where the lease is lost: another worker does the job again, and finds it done.</returns>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public bool Complete(JobLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return (bool)Run(JobScripts.Complete, lease.Id, lease.Token);
    }

    /// <summary>Says that a job failed: it is handed out again after a wait, or becomes a dead letter.</summary>
    /// <param name="lease">Its lease.</param>
    /// <param name="reason">What went wrong.</param>
    /// <param name="isFinal">Whether no further try can help, as with a job that is none.</param>
    /// <returns>False where the lease is lost.</returns>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public bool Fail(JobLease lease, string reason, bool isFinal = false)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(reason);
        return (bool)Run(
            JobScripts.Fail, lease.Id, lease.Token, reason, isFinal ? 0 : _options.Deliveries, Milliseconds(_options.BackOff), Milliseconds(_options.LongestBackOff));
    }

    /// <summary>Gives a job back untried, as a worker does that is asked to stop. It is handed out again at once, and this time does not count.</summary>
    /// <param name="lease">Its lease.</param>
    /// <returns>False where the lease is lost.</returns>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public bool GiveBack(JobLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return (bool)Run(JobScripts.GiveBack, lease.Id, lease.Token);
    }

    /// <summary>Pushes a dead letter as a new job.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>False where there is none of that id.</returns>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public bool Requeue(string id) => Exhume(id, "1");

    /// <summary>Drops a dead letter.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>False where there is none of that id.</returns>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public bool Discard(string id) => Exhume(id, "0");

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private bool Exhume(string id, string again)
    {
        ArgumentNullException.ThrowIfNull(id);
        return (bool)Run(JobScripts.Exhume, id, again);
    }

    private RedisResult Run(string script, params RedisValue[] arguments) => _connection.Ask(database => database.ScriptEvaluate(script, _keys, arguments));

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static T Number<T>(string text) where T : IParsable<T> => T.Parse(text, CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;

namespace Tessera.Stores.CodeMap;

/// <summary>What a worker has done since it began. Any number of threads may read it.</summary>
public sealed class WorkerMetrics
{
    private long _processed;
    private long _failed;
    private long _lost;
    private long _redisErrors;
    private long _running;

    /// <summary>Jobs that were done, duplicates left out.</summary>
    public long Processed => Interlocked.Read(ref _processed);

    /// <summary>Deliveries that failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Deliveries whose lease another worker took over.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Calls of Redis that failed.</summary>
    public long RedisErrors => Interlocked.Read(ref _redisErrors);

    /// <summary>Jobs that are being done: 0 or 1.</summary>
    public long Running => Interlocked.Read(ref _running);

    /// <summary>All of it in the text format of Prometheus.</summary>
    public string ToPrometheus()
    {
        var text = new StringBuilder();
        Add("jobs_processed_total", "counter", "Jobs done", Processed);
        Add("jobs_failed_total", "counter", "Deliveries that failed", Failed);
        Add("jobs_lost_total", "counter", "Deliveries whose lease another worker took over", Lost);
        Add("redis_errors_total", "counter", "Calls of Redis that failed", RedisErrors);
        Add("jobs_running", "gauge", "Jobs being done", Running);
        return text.ToString();

        void Add(string name, string kind, string help, long value) => text.Append(CultureInfo.InvariantCulture,
            $"# HELP tessera_hirag_worker_{name} {help}\n# TYPE tessera_hirag_worker_{name} {kind}\ntessera_hirag_worker_{name} {value}\n");
    }

    internal void CountProcessed() => Interlocked.Increment(ref _processed);

    internal void CountFailed() => Interlocked.Increment(ref _failed);

    internal void CountLost() => Interlocked.Increment(ref _lost);

    internal void CountRedisError() => Interlocked.Increment(ref _redisErrors);

    internal void SetRunning(int jobs) => Interlocked.Exchange(ref _running, jobs);
}

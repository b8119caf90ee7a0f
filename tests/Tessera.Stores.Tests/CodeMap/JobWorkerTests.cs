using System.Collections.Concurrent;
using StackExchange.Redis;
using Tessera.Stores.CodeMap;

namespace Tessera.Stores.Tests.CodeMap;

public sealed class JobWorkerTests(RedisServer server) : IClassFixture<RedisServer>, IDisposable
{
    private static readonly JobQueueOptions Quick = new()
    {
        // Two heartbeats may come late, as they do on a machine with much else to do.
        Lease = TimeSpan.FromSeconds(4),
        Deliveries = 2,
        BackOff = TimeSpan.FromMilliseconds(20),
        LongestBackOff = TimeSpan.FromMilliseconds(20),
    };

    private readonly string _name = $"test_{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<string> _log = [];
    private readonly List<RedisJobs> _opened = [];

    [Fact]
    public async Task Jobs_are_done_and_the_worker_ends_when_there_are_no_more()
    {
        RedisJobs jobs = Open();
        var done = new ConcurrentQueue<string>();
        foreach (string repo in (string[])["a", "b"])
            jobs.Enqueue(new CodeMapJob { Repo = repo });
        var worker = Worker(jobs, (job, _) => done.Enqueue(job.Repo!));
        await worker.RunAsync(untilEmpty: true);
        Assert.Equal(["a", "b"], done);
        Assert.Equal((2, 0, 0), (worker.Metrics.Processed, worker.Metrics.Failed, worker.Metrics.Running));
        Assert.Contains("tessera_hirag_worker_jobs_processed_total 2\n", worker.Metrics.ToPrometheus(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poison_goes_to_the_dead_letters_at_once_and_failures_after_their_deliveries()
    {
        RedisJobs jobs = Open();
        using (ConnectionMultiplexer connection = ConnectionMultiplexer.Connect($"{server.Require()},syncTimeout=60000"))
            connection.GetDatabase().ListLeftPush(_name, "poison");
        jobs.Enqueue(new CodeMapJob { Repo = "bad" });
        jobs.Enqueue(new CodeMapJob { Repo = "good" });
        int tries = 0;
        var worker = Worker(jobs, (job, _) =>
        {
            if (job.Repo == "bad")
                throw new InvalidOperationException($"no luck, try {++tries}");
        });
        await worker.RunAsync(untilEmpty: true);
        Assert.Equal([1, 2], jobs.DeadLetters.Select(letter => letter.Deliveries));
        Assert.Contains("not the JSON", jobs.DeadLetters[0].Reason, StringComparison.Ordinal);
        Assert.Equal("no luck, try 2", jobs.DeadLetters[1].Reason);
        Assert.Equal((1, 3), (worker.Metrics.Processed, worker.Metrics.Failed));
    }

    [Fact]
    public async Task A_long_job_keeps_its_lease()
    {
        RedisJobs jobs = Open();
        jobs.Enqueue(new CodeMapJob { Repo = "long" });
        int begun = 0;
        JobWorker one = new(jobs, WorkAsync, _log.Enqueue), other = new(Open(), WorkAsync, _log.Enqueue);
        await Task.WhenAll(one.RunAsync(untilEmpty: true), other.RunAsync(untilEmpty: true));
        Assert.Equal(1, begun);

        Task WorkAsync(CodeMapJob job, JobLease held, CancellationToken token)
        {
            Interlocked.Increment(ref begun);
            return Task.Delay(1.5 * Quick.Lease, token);
        }
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_stops_and_says_so()
    {
        RedisJobs jobs = Open();
        jobs.Enqueue(new CodeMapJob { Repo = "a" });
        using var stop = new CancellationTokenSource();
        var worker = new JobWorker(
            jobs,
            async (_, lease, token) =>
            {
                // As if the server had come back without it.
                using (ConnectionMultiplexer connection = ConnectionMultiplexer.Connect($"{server.Require()},syncTimeout=60000"))
                    connection.GetDatabase().HashDelete($"{_name}:tokens", lease.Id);
                stop.CancelAfter(TimeSpan.FromSeconds(20));
                await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => stop.CancelAsync(), TaskScheduler.Default).Unwrap();
            },
            _log.Enqueue);
        await worker.RunAsync(cancellationToken: stop.Token);
        Assert.Equal(1, worker.Metrics.Lost);
        Assert.Contains(_log, line => line.Contains("lost to another", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_that_is_stopped_gives_its_job_back()
    {
        RedisJobs jobs = Open();
        jobs.Enqueue(new CodeMapJob { Repo = "a" });
        using var stop = new CancellationTokenSource();
        var worker = new JobWorker(jobs, async (_, _, token) => { await stop.CancelAsync(); token.ThrowIfCancellationRequested(); }, _log.Enqueue);
        await worker.RunAsync(cancellationToken: stop.Token);
        Assert.Equal(1, jobs.Claim()!.Delivery);
    }

    public void Dispose()
    {
        foreach (RedisJobs jobs in _opened)
            jobs.Dispose();
    }

    private JobWorker Worker(RedisJobs jobs, Action<CodeMapJob, JobLease> work) => new(
        jobs,
        (job, lease, _) =>
        {
            work(job, lease);
            return Task.CompletedTask;
        },
        _log.Enqueue);

    private RedisJobs Open()
    {
        var jobs = new RedisJobs(server.Require(), Quick with { Name = _name });
        _opened.Add(jobs);
        return jobs;
    }
}

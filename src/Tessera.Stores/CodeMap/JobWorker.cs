namespace Tessera.Stores.CodeMap;

/// <summary>
/// Takes jobs one after the other until it is stopped, and keeps each one's lease alive while it is done. Redis may go away and come
/// back meanwhile. A job may come more than once, after a worker was killed: the work must be such that this changes nothing.
/// </summary>
/// <param name="jobs">The queue.</param>
/// <param name="work">Does a job; what it throws becomes the reason of the failure. Its token is cancelled when the lease is lost.</param>
/// <param name="log">Told in a line what happens.</param>
public sealed class JobWorker(RedisJobs jobs, Func<CodeMapJob, JobLease, CancellationToken, Task> work, Action<string> log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RedisWait = TimeSpan.FromMilliseconds(500);

    /// <summary>What it has done.</summary>
    public WorkerMetrics Metrics { get; } = new();

    /// <summary>Works until it is stopped. A job that is being done then is given back.</summary>
    /// <param name="untilEmpty">Whether to end when no job waits, runs or is delayed, instead of waiting for more.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(bool untilEmpty = false, CancellationToken cancellationToken = default)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (jobs.Claim() is { } lease)
                    await HandleAsync(lease, cancellationToken).ConfigureAwait(false);
                else if (untilEmpty && jobs.Status is { Waiting: 0, Running: 0, Delayed: 0 })
                    return;
                else
                    await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException problem)
            {
                Metrics.CountRedisError();
                log($"waiting for Redis: {problem.Message}");
                await Task.Delay(RedisWait, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task HandleAsync(JobLease lease, CancellationToken stop)
    {
        CodeMapJob job;
        try
        {
            job = CodeMapJob.Parse(lease.Payload);
        }
        catch (FormatException poison)
        {
            log($"job {lease.Id} is a dead letter: {poison.Message}");
            Metrics.CountFailed();
            await InsistAsync(() => jobs.Fail(lease, poison.Message, isFinal: true), stop).ConfigureAwait(false);
            return;
        }

        JobVerdict verdict = jobs.Begin(lease, job);
        if (verdict != JobVerdict.Do)
        {
            log($"job {lease.Id} ({job.ToJson()}): {verdict}");
            return;
        }

        Metrics.SetRunning(1);
        try
        {
            await DoAsync(lease, job, stop).ConfigureAwait(false);
        }
        finally
        {
            Metrics.SetRunning(0);
        }
    }

    private async Task DoAsync(JobLease lease, CodeMapJob job, CancellationToken stop)
    {
        log($"job {lease.Id} begins: {job.ToJson()}, delivery {lease.Delivery}, token {lease.Token}");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var done = new CancellationTokenSource();
        Task working = Task.Run(() => work(job, lease, end.Token), CancellationToken.None);
        Task<bool> lost = IsLostAsync(lease, done.Token);
        await Task.WhenAny(working, lost).ConfigureAwait(false);
        await (working.IsCompleted ? done : end).CancelAsync().ConfigureAwait(false);
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (await lost.ConfigureAwait(false))
            Lose(lease);
        else if (working.IsCompletedSuccessfully)
            await CompleteAsync(lease, stop).ConfigureAwait(false);
        else if (stop.IsCancellationRequested)
            GiveBack(lease);
        else
            await FailAsync(lease, working.Exception?.InnerException?.Message ?? "it was stopped", stop).ConfigureAwait(false);
    }

    /// <summary>Prolongs a lease until the job is done (false) or another worker has it (true).</summary>
    private async Task<bool> IsLostAsync(JobLease lease, CancellationToken done)
    {
        while (true)
        {
            await Task.Delay(jobs.HeartbeatInterval, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
                return false;
            try
            {
                if (!jobs.Heartbeat(lease))
                    return true;
            }
            catch (IOException)
            {
                // While Redis is away no other worker can take the job either.
                Metrics.CountRedisError();
            }
        }
    }

    private async Task CompleteAsync(JobLease lease, CancellationToken stop)
    {
        if (!await InsistAsync(() => jobs.Complete(lease), stop).ConfigureAwait(false))
        {
            Lose(lease);
            return;
        }

        Metrics.CountProcessed();
        log($"job {lease.Id} is done");
    }

    private async Task FailAsync(JobLease lease, string reason, CancellationToken stop)
    {
        Metrics.CountFailed();
        log($"job {lease.Id} failed: {reason}");
        await InsistAsync(() => jobs.Fail(lease, reason), stop).ConfigureAwait(false);
    }

    private void GiveBack(JobLease lease)
    {
        try
        {
            jobs.GiveBack(lease);
            log($"job {lease.Id} is given back");
        }
        catch (IOException)
        {
            log($"job {lease.Id} is left to its lease");
        }
    }

    private void Lose(JobLease lease)
    {
        Metrics.CountLost();
        log($"job {lease.Id} is lost to another worker");
    }

    /// <summary>Tells Redis, as soon as it is there again.</summary>
    private async Task<bool> InsistAsync(Func<bool> tell, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return tell();
            }
            catch (IOException) when (!stop.IsCancellationRequested)
            {
                Metrics.CountRedisError();
                await Task.Delay(RedisWait, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

using System.Collections.Concurrent;
using StackExchange.Redis;
using Tessera.Stores.CodeMap;

namespace Tessera.Stores.Tests.CodeMap;

public sealed class RedisJobsTests(RedisServer server) : IClassFixture<RedisServer>, IDisposable
{
    // Leases are long, so that none runs out on a machine that has much else to do, but where they are to run out.
    private static readonly JobQueueOptions Quick = new()
    {
        Deliveries = 3,
        BackOff = TimeSpan.FromMilliseconds(20),
        LongestBackOff = TimeSpan.FromMilliseconds(40),
    };

    private readonly string _name = $"test_{Guid.NewGuid():N}";
    private readonly List<RedisJobs> _opened = [];

    [Fact]
    public void A_job_pushed_as_the_reference_says_is_handed_out_once_and_gone_when_it_is_done()
    {
        using RedisJobs jobs = Open();
        Push("""{"repo":"tessera","commit":"abc123","k":0,"min_clusters":3}""");
        JobLease lease = jobs.Claim()!;
        Assert.Equal(new CodeMapJob { Repo = "tessera", Commit = "abc123" }, CodeMapJob.Parse(lease.Payload));
        Assert.Equal(1, lease.Delivery);
        Assert.Null(jobs.Claim());
        Assert.Equal(new JobQueueStatus(0, 1, 0, 0, 0, 0), jobs.Status);
        Assert.True(jobs.Complete(lease));
        Assert.Equal(new JobQueueStatus(0, 0, 0, 0, 1, 0), jobs.Status);
        Assert.False(jobs.Complete(lease));
    }

    [Fact]
    public void Jobs_come_in_the_order_in_which_they_were_pushed()
    {
        RedisJobs jobs = Open();
        foreach (string repo in (string[])["a", "b", "c"])
            jobs.Enqueue(new CodeMapJob { Repo = repo });
        Assert.Equal(["a", "b", "c"], Enumerable.Range(0, 3).Select(_ => CodeMapJob.Parse(jobs.Claim()!.Payload).Repo));
    }

    [Fact]
    public async Task A_job_whose_worker_is_silent_goes_to_another_with_a_larger_token()
    {
        RedisJobs jobs = Open(Quick);
        jobs.Enqueue(new CodeMapJob { Repo = "a" });
        JobLease first = Open(Quick with { Lease = TimeSpan.FromMilliseconds(100) }).Claim()!;
        JobLease second = await NextAsync(jobs);
        Assert.Equal(2, second.Delivery);
        Assert.True(second.Token > first.Token);
        Assert.Equal((first.Token, first.Token), (first.FirstToken, second.FirstToken));
        Assert.False(jobs.Heartbeat(first));
        Assert.False(jobs.Complete(first));
        Assert.False(jobs.Fail(first, "too late"));
        Assert.True(jobs.Complete(second));
    }

    [Fact]
    public async Task Heartbeats_keep_a_job()
    {
        RedisJobs jobs = Open(Quick with { Lease = TimeSpan.FromSeconds(4) });
        jobs.Enqueue(new CodeMapJob { Repo = "a" });
        JobLease lease = jobs.Claim()!;
        for (int beat = 0; beat < 12; beat++)
        {
            await Task.Delay(500);
            Assert.True(jobs.Heartbeat(lease));
            Assert.Null(jobs.Claim());
        }
    }

    [Fact]
    public async Task A_job_that_fails_comes_again_and_is_dead_after_as_many_deliveries_as_are_allowed()
    {
        RedisJobs jobs = Open(Quick);
        jobs.Enqueue(new CodeMapJob { Repo = "a" });
        for (int delivery = 1; delivery <= 3; delivery++)
        {
            JobLease lease = await NextAsync(jobs);
            Assert.Equal(delivery, lease.Delivery);
            Assert.True(jobs.Fail(lease, $"failure {delivery} of \"a\""));
            Assert.Equal(delivery < 3 ? 1 : 0, jobs.Status.Delayed);
        }

        DeadLetter dead = Assert.Single(jobs.DeadLetters);
        Assert.Equal(("failure 3 of \"a\"", 3), (dead.Reason, dead.Deliveries));
        Assert.Equal("a", CodeMapJob.Parse(dead.Payload).Repo);
        Assert.Null(jobs.Claim());
    }

    [Fact]
    public async Task A_job_that_kills_its_workers_is_dead_in_the_end_too()
    {
        RedisJobs jobs = Open(Quick with { Deliveries = 2, Lease = TimeSpan.FromMilliseconds(100) });
        jobs.Enqueue(new CodeMapJob { Repo = "a" });
        jobs.Claim();
        await NextAsync(jobs);
        for (int attempt = 0; jobs.DeadLetters.Count == 0 && attempt < 200; attempt++)
        {
            await Task.Delay(10);
            Assert.Null(jobs.Claim());
        }

        Assert.Contains("without a word", Assert.Single(jobs.DeadLetters).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_job_is_a_dead_letter_at_once_and_may_be_requeued_or_discarded()
    {
        RedisJobs jobs = Open();
        Push("no job é\u0001\"");
        Push("{}");
        JobLease lease = jobs.Claim()!;
        Assert.True(jobs.Fail(lease, "poisoned", isFinal: true));
        DeadLetter dead = Assert.Single(jobs.DeadLetters);
        Assert.Equal(("no job é\u0001\"", "poisoned", 1), (dead.Payload, dead.Reason, dead.Deliveries));

        Assert.True(jobs.Requeue(dead.Id));
        Assert.False(jobs.Requeue(dead.Id));
        Assert.Equal("{}", jobs.Claim()!.Payload);
        JobLease again = jobs.Claim()!;
        Assert.Equal((dead.Payload, 1), (again.Payload, again.Delivery));
        jobs.Fail(again, "poisoned", isFinal: true);
        Assert.True(jobs.Discard(jobs.DeadLetters[0].Id));
        Assert.Empty(jobs.DeadLetters);
    }

    [Fact]
    public void A_commit_that_is_being_mapped_is_not_mapped_twice()
    {
        RedisJobs jobs = Open();
        var job = new CodeMapJob { Repo = "a", Commit = "abc" };
        jobs.Enqueue(job);
        jobs.Enqueue(job);
        jobs.Enqueue(job with { Repo = "b" });
        JobLease first = jobs.Claim()!, second = jobs.Claim()!, other = jobs.Claim()!;
        Assert.Equal(JobVerdict.Do, jobs.Begin(first, job));
        Assert.Equal(JobVerdict.Duplicate, jobs.Begin(second, job));
        Assert.Equal(JobVerdict.Do, jobs.Begin(other, job with { Repo = "b" }));
        Assert.Equal(new JobQueueStatus(0, 2, 0, 0, 0, 1), jobs.Status);
        jobs.Complete(first);
        jobs.Enqueue(job);
        Assert.Equal(JobVerdict.Do, jobs.Begin(jobs.Claim()!, job));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_repository_is_mapped_by_one_worker_at_a_time(int k)
    {
        RedisJobs jobs = Open();
        var job = new CodeMapJob { Repo = "a" };
        CodeMapJob next = job with { K = k };
        jobs.Enqueue(job);
        jobs.Enqueue(next);
        JobLease first = jobs.Claim()!, second = jobs.Claim()!;
        Assert.Equal(JobVerdict.Do, jobs.Begin(first, job));
        Assert.Equal(JobVerdict.Later, jobs.Begin(second, next));
        jobs.Complete(first);
        JobLease again = await NextAsync(jobs);
        Assert.Equal((second.Id, 1), (again.Id, again.Delivery));
        Assert.Equal(JobVerdict.Do, jobs.Begin(again, next));
    }

    [Fact]
    public void A_job_that_is_given_back_is_handed_out_at_once_and_no_delivery_is_counted()
    {
        RedisJobs jobs = Open();
        jobs.Enqueue(new CodeMapJob { Repo = "a" });
        Assert.True(jobs.GiveBack(jobs.Claim()!));
        Assert.Equal(1, jobs.Claim()!.Delivery);
    }

    [Fact]
    public void No_job_is_handed_to_two_workers()
    {
        RedisJobs[] workers = [.. Enumerable.Range(0, 4).Select(_ => Open())];
        for (int number = 0; number < 200; number++)
            workers[0].Enqueue(new CodeMapJob { Repo = $"r{number}" });
        var claimed = new ConcurrentBag<JobLease>();
        Parallel.ForEach(workers, worker =>
        {
            while (worker.Claim() is { } lease)
                claimed.Add(lease);
        });
        Assert.Equal(200, claimed.Select(lease => lease.Payload).Distinct().Count());
        Assert.Equal(200, claimed.Count);
        Assert.Equal(200, claimed.Select(lease => lease.Token).Distinct().Count());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"repo":5}""")]
    [InlineData("""{"repo":""}""")]
    [InlineData("""{"repo":"../etc"}""")]
    [InlineData("""{"repo":"/etc"}""")]
    [InlineData("""{"repo":"a","commit":"--output=x"}""")]
    [InlineData("""{"commit":"abc"}""")]
    [InlineData("""{"repo":"a","k":-1}""")]
    [InlineData("""{"repo":"a","k":"many"}""")]
    [InlineData("""{"repo":"a","min_clusters":0}""")]
    public void A_text_that_is_no_job_is_refused_with_the_reason(string text)
    {
        Assert.NotEmpty(Assert.Throws<FormatException>(() => CodeMapJob.Parse(text)).Message);
    }

    [Fact]
    public void What_a_job_leaves_out_is_the_default_and_what_it_has_too_much_is_passed_over()
    {
        Assert.Equal(new CodeMapJob(), CodeMapJob.Parse("{}"));
        Assert.Equal(new CodeMapJob { Repo = "a/b", K = 7 }, CodeMapJob.Parse("""{"repo":"a/b","k":7,"requested_by":"me"}"""));
    }

    [Fact]
    public void The_environment_names_the_queue_and_the_reference_where_it_does_not()
    {
        string? before = Environment.GetEnvironmentVariable(JobQueueOptions.NameVariable);
        try
        {
            Environment.SetEnvironmentVariable(JobQueueOptions.NameVariable, null);
            using (var jobs = new RedisJobs(server.Require()))
                Assert.Equal("hirag_jobs", jobs.Name);
            Environment.SetEnvironmentVariable(JobQueueOptions.NameVariable, _name);
            using (var jobs = new RedisJobs("redis://" + server.Require() + "/"))
                Assert.Equal(_name, jobs.Name);
        }
        finally
        {
            Environment.SetEnvironmentVariable(JobQueueOptions.NameVariable, before);
        }
    }

    [Fact]
    public void A_server_that_is_not_there_is_named()
    {
        Assert.Contains("127.0.0.1:1", Assert.Throws<IOException>(() => new RedisJobs("127.0.0.1:1,connectTimeout=500,connectRetry=1")).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (RedisJobs jobs in _opened)
            jobs.Dispose();
    }

    private RedisJobs Open(JobQueueOptions? options = null)
    {
        var jobs = new RedisJobs(server.Require(), (options ?? new JobQueueOptions()) with { Name = _name });
        _opened.Add(jobs);
        return jobs;
    }

    private void Push(string payload)
    {
        using ConnectionMultiplexer connection = ConnectionMultiplexer.Connect($"{server.Require()},syncTimeout=60000");
        connection.GetDatabase().ListLeftPush(_name, payload);
    }

    private static async Task<JobLease> NextAsync(RedisJobs jobs)
    {
        for (int attempt = 0; attempt < 500; attempt++)
        {
            if (jobs.Claim() is { } lease)
                return lease;
            await Task.Delay(10);
        }

        throw new TimeoutException("No job came.");
    }
}

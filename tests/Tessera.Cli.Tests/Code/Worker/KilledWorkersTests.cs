using System.Diagnostics;
using StackExchange.Redis;
using Tessera.Cli.Tests.Hosting;
using Tessera.CodeMap.Storage;
using Tessera.Stores.CodeMap;
using Tessera.Stores.Tests.CodeMap;

namespace Tessera.Cli.Tests.Code.Worker;

/// <summary>A job's effect is there exactly once, whoever dies meanwhile.</summary>
public sealed class KilledWorkersTests
{
    private const int Rounds = 10;
    private const int JobsOfRound = 20;
    private const int Poisoned = Rounds / 2;
    private const int Workers = 3;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Of_two_hundred_jobs_none_is_lost_or_done_twice_though_workers_and_redis_are_killed()
    {
        using var workspace = new Workspace();
        await using var store = new SqliteCodeMapStore(workspace["map.db"]);
        await WorkAsync(workspace, store, $"sqlite:{workspace["map.db"]}");
    }

    [Fact]
    public async Task Nor_where_the_workers_share_one_postgresql()
    {
        using var server = new PostgresServer();
        string settings = server.Require();
        using var workspace = new Workspace();
        await using ICodeMapStore store = await CodeMapStores.OpenAsync($"postgres:{settings}", TestContext.Current.CancellationToken);
        await WorkAsync(workspace, store, $"postgres:{settings}");
    }

    private static async Task WorkAsync(Workspace workspace, ICodeMapStore store, string storeOption)
    {
        using var redis = new DurableRedis();
        SampleRepository.Write(workspace["sources"]);
        string commit = SampleRepository.Commit(workspace["sources"]);
        string[] repositories = [.. Enumerable.Range(0, Rounds * JobsOfRound - Poisoned).Select(number => $"r{number}")];
        Directory.CreateDirectory(workspace["repos"]);
        foreach (string repository in repositories)
            Directory.CreateSymbolicLink(Path.Combine(workspace["repos"], repository), workspace["sources"]);
        string[] jobs = [.. repositories.Select(repository => $$"""{"repo":"{{repository}}","commit":"{{commit}}","k":0,"min_clusters":3}""")];
        var random = new Random(5);
        string[] pushed = [.. jobs, .. Enumerable.Range(0, Poisoned).Select(number => $"poison {number}")];
        random.Shuffle(pushed);
        string[] command =
        [
            "code", "worker", "--redis", redis.Address, "--store", storeOption, "--repos", workspace["repos"],
            "--lease", "2", "--deliveries", "20", "--threads", "1", "--quiet",
        ];

        Process[] workers = [.. Enumerable.Range(0, Workers).Select(_ => ChildProcess.Start(command))];
        for (int round = 0; round < Rounds; round++)
        {
            Push(redis, pushed.AsSpan(round * JobsOfRound, JobsOfRound));
            await Task.Delay(random.Next(300, 1500));
            if (round == Rounds / 2)
                redis.KillAndStart();
            int victim = random.Next(Workers);
            await StopAsync(workers[victim]);
            workers[victim] = ChildProcess.Start(command);
        }

        using var queue = new RedisJobs(redis.Address);
        long start = Stopwatch.GetTimestamp();
        while (queue.Status is not { Waiting: 0, Running: 0, Delayed: 0 })
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Longest, $"{queue.Status}");
            await Task.Delay(100);
        }

        foreach (Process worker in workers)
            await StopAsync(worker);
        Assert.Equal(new JobQueueStatus(0, 0, 0, Poisoned, repositories.Length, 0), queue.Status);
        Assert.All(queue.DeadLetters, letter => Assert.StartsWith("poison", letter.Payload, StringComparison.Ordinal));
        Dictionary<string, MapHead> maps = (await store.MapsAsync()).ToDictionary(head => head.Map);
        Assert.Equal(repositories.Order(), maps.Keys.Order());
        Assert.All(maps.Values, head => Assert.Equal((1, commit), (head.Generation, head.Commit)));
    }

    /// <summary>As anyone would.</summary>
    private static void Push(DurableRedis redis, ReadOnlySpan<string> payloads)
    {
        using ConnectionMultiplexer connection = ConnectionMultiplexer.Connect($"{redis.Address},syncTimeout=60000");
        foreach (string payload in payloads)
            connection.GetDatabase().ListLeftPush("hirag_jobs", payload);
    }

    private static async Task StopAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}

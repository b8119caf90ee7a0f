using System.Diagnostics;
using StackExchange.Redis;
using Tessera.Cli.Tests.Hosting;
using Tessera.CodeMap.Storage;
using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Tests.Code.Worker;

/// <summary>A job's effect is there exactly once, whoever dies meanwhile.</summary>
public sealed class KilledWorkersTests
{
    private const int Jobs = 200;
    private const int Poisoned = 5;
    private const int Workers = 3;
    private const int Kills = 8;

    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Of_two_hundred_jobs_none_is_lost_or_done_twice_though_workers_and_redis_are_killed()
    {
        using var redis = new DurableRedis();
        using var workspace = new Workspace();
        SampleRepository.Write(workspace["sources"]);
        string commit = SampleRepository.Commit(workspace["sources"]);
        string[] repositories = [.. Enumerable.Range(0, Jobs - Poisoned).Select(number => $"r{number}")];
        Directory.CreateDirectory(workspace["repos"]);
        foreach (string repository in repositories)
            Directory.CreateSymbolicLink(Path.Combine(workspace["repos"], repository), workspace["sources"]);
        Push(redis, repositories, commit);
        string[] command =
        [
            "code", "worker", "--redis", redis.Address, "--store", $"sqlite:{workspace["map.db"]}", "--repos", workspace["repos"],
            "--lease", "2", "--deliveries", "20", "--threads", "1", "--until-empty", "--quiet",
        ];

        Process[] workers = [.. Enumerable.Range(0, Workers).Select(_ => ChildProcess.Start(command))];
        var random = new Random(5);
        for (int kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(BetweenKills);
            if (kill == Kills / 2)
                redis.KillAndStart();
            int victim = random.Next(Workers);
            workers[victim].Kill();
            await workers[victim].WaitForExitAsync();
            workers[victim].Dispose();
            workers[victim] = ChildProcess.Start(command);
        }

        using var limit = new CancellationTokenSource(Longest);
        foreach (Process worker in workers)
        {
            await worker.WaitForExitAsync(limit.Token);
            Assert.Equal(0, worker.ExitCode);
            worker.Dispose();
        }

        await using var store = new SqliteCodeMapStore(workspace["map.db"]);
        Dictionary<string, MapHead> maps = (await store.MapsAsync()).ToDictionary(head => head.Map);
        Assert.Equal(repositories.Order(), maps.Keys.Order());
        Assert.All(maps.Values, head => Assert.Equal((1, commit), (head.Generation, head.Commit)));
        using var jobs = new RedisJobs(redis.Address);
        Assert.Equal(new JobQueueStatus(0, 0, 0, Poisoned, Jobs - Poisoned, 0), jobs.Status);
        Assert.All(jobs.DeadLetters, letter => Assert.StartsWith("poison", letter.Payload, StringComparison.Ordinal));
    }

    /// <summary>As anyone would, with poison between the jobs.</summary>
    private static void Push(DurableRedis redis, string[] repositories, string commit)
    {
        using ConnectionMultiplexer connection = ConnectionMultiplexer.Connect($"{redis.Address},syncTimeout=60000");
        IDatabase database = connection.GetDatabase();
        for (int number = 0; number < repositories.Length; number++)
        {
            database.ListLeftPush("hirag_jobs", $$"""{"repo":"{{repositories[number]}}","commit":"{{commit}}","k":0,"min_clusters":3}""");
            if (number % (repositories.Length / Poisoned) == 7)
                database.ListLeftPush("hirag_jobs", $"poison {number}");
        }
    }
}

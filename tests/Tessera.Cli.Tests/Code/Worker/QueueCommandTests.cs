using System.Text.Json;
using StackExchange.Redis;
using Tessera.Cli.Hosting;
using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Code.Worker;

public sealed class QueueCommandTests
{
    [Fact]
    public void What_is_enqueued_is_what_the_reference_pushes()
    {
        using var redis = new DurableRedis();
        JsonElement json = CommandLine.Run("code", "enqueue", "--repo", "tessera", "--commit", "abc123", "-k", "0", "--min-clusters", "3", "--redis", redis.Address, "--json").Json();
        Assert.Equal(["queue", "job", "waiting"], json.Names());
        using ConnectionMultiplexer connection = ConnectionMultiplexer.Connect($"{redis.Address},syncTimeout=60000");
        Assert.Equal("""{"repo":"tessera","commit":"abc123","k":0,"min_clusters":3}""", (string?)connection.GetDatabase().ListRightPop("hirag_jobs"));
    }

    [Theory]
    [InlineData("repo is '../x'", "--repo", "../x")]
    [InlineData("commit is '-x'", "--repo", "a", "--commit=-x")]
    [InlineData("k is -1", "--repo", "a", "-k=-1")]
    [InlineData("min_clusters is 0", "--repo", "a", "--min-clusters", "0")]
    [InlineData("a commit needs a repo", "--commit", "abc")]
    public void A_job_that_cannot_be_is_wrong_usage(string says, params string[] options)
    {
        Assert.Contains(says, CommandLine.Run(["code", "enqueue", .. options]).Failure(ExitCode.WrongUsage), StringComparison.Ordinal);
    }

    [Fact]
    public void Dead_letters_are_listed_requeued_and_discarded()
    {
        using var redis = new DurableRedis();
        using var workspace = new Workspace();
        using ConnectionMultiplexer connection = ConnectionMultiplexer.Connect($"{redis.Address},syncTimeout=60000");
        foreach (string poison in (string[])["poison one", "poison two"])
            connection.GetDatabase().ListLeftPush("hirag_jobs", poison);
        Assert.Equal(2, Queue(redis).GetProperty("status").Number("waiting"));
        Work(redis, workspace);

        JsonElement queue = Queue(redis);
        Assert.Equal(["queue", "status", "dead_letters", "moved"], queue.Names());
        JsonElement[] letters = [.. queue.GetProperty("dead_letters").EnumerateArray()];
        Assert.Equal(["poison one", "poison two"], letters.Select(letter => letter.GetProperty("payload").GetString()));
        Assert.All(letters, letter => Assert.Contains("not the JSON", letter.GetProperty("reason").GetString(), StringComparison.Ordinal));
        Assert.Contains("poison one", CommandLine.Run("code", "queue", "--redis", redis.Address).Output, StringComparison.Ordinal);

        string id = letters[0].GetProperty("id").GetString()!;
        Assert.Equal(1, Queue(redis, "--requeue", id).GetProperty("status").Number("waiting"));
        Assert.Contains($"no dead letter {id}", CommandLine.Run("code", "queue", "--redis", redis.Address, "--requeue", id).Failure(ExitCode.Failed), StringComparison.Ordinal);
        JsonElement discarded = Queue(redis, "--discard", "all");
        Assert.Equal((1, 0), (discarded.Number("moved"), discarded.GetProperty("dead_letters").GetArrayLength()));
    }

    [Fact]
    public void A_server_that_is_not_there_is_named()
    {
        Assert.Contains("127.0.0.1:1", CommandLine.Run("code", "queue", "--redis", "127.0.0.1:1,connectTimeout=500,connectRetry=1").Failure(ExitCode.Failed), StringComparison.Ordinal);
    }

    private static JsonElement Queue(DurableRedis redis, params string[] options) => CommandLine.Run(["code", "queue", "--redis", redis.Address, "--json", .. options]).Json();

    private static void Work(DurableRedis redis, Workspace workspace) => CommandLine.Run(
        "code", "worker", "--redis", redis.Address, "--store", $"sqlite:{workspace["map.db"]}", "--repos", workspace.Folder, "--until-empty", "--quiet", "--json").Json();
}

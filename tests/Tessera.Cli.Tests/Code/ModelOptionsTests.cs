using System.Text.Json;
using Tessera.Cli.Hosting;
using Tessera.Cli.Tests.Code.Worker;
using Tessera.Cli.Tests.Hosting;
using Tessera.CodeMap.Storage;
using Tessera.CodeMap.Tests.Models;
using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Tests.Code;

public sealed class ModelOptionsTests
{
    [Fact]
    public async Task A_worker_asks_the_models_for_what_has_changed_and_what_lies_above_it()
    {
        using var redis = new DurableRedis();
        using var workspace = new Workspace();
        using var server = new FakeEndpoint();
        SampleRepository.Write(workspace["sample"]);
        Work(redis, workspace, server);

        await using var store = new SqliteCodeMapStore(workspace["map.db"]);
        IReadOnlyList<ClusterRecord> before = await store.ClustersAsync("sample");
        Assert.Equal(before.Count, Calls(server, "chat"));
        Assert.All(before, cluster => Assert.Equal("A cluster. It was described by a fake.", cluster.Summary));
        Assert.Equal(server.Dimension, (await store.HeadAsync("sample"))!.Dimension);
        Assert.True(Calls(server, "embeddings") > 0);

        int chats = Calls(server, "chat"), embeddings = Calls(server, "embeddings");
        File.AppendAllText(Path.Combine(workspace["sample"], "Comet.cs"), "\nclass CometTail { int CometTailLength() => 7; }\n");
        Work(redis, workspace, server);
        int asked = Calls(server, "chat") - chats;
        Assert.InRange(asked, 1, before.Count - 1);
        Assert.Equal(1, Calls(server, "embeddings") - embeddings);
    }

    [Fact]
    public void A_build_says_what_the_model_cost_and_stays_within_the_budget_and_a_query_is_embedded_by_the_same_model()
    {
        using var workspace = new Workspace();
        using var server = new FakeEndpoint();
        SampleRepository.Write(workspace["sample"]);
        string store = $"sqlite:{workspace["map.db"]}", cache = workspace["models.db"];
        string[] vectors = ["--embeddings", server.Url, "--embedding-model", "fake", "--model-cache", cache];

        CommandLineResult built = CommandLine.Run(
            ["code", "build", workspace["sample"], "--repo", "sample", "--store", store, "--llm", server.Url, "--llm-model", "fake", "--llm-budget", "2calls,1in,1out", "--json", .. vectors]);

        JsonElement cost = built.JsonOnStdout().GetProperty("cost");
        Assert.Equal((2, 200, 20, 0.00022), (cost.Number("calls"), cost.Number("input_tokens"), cost.Number("output_tokens"), cost.Number("money")));
        Assert.True(cost.Number("over_budget") > 0);
        Assert.Contains("the budget is spent", built.Error, StringComparison.Ordinal);

        int embeddings = Calls(server, "embeddings");
        JsonElement found = CommandLine.Run(["code", "query", "AnchorWeight person", "--store", store, "--mode", "local", "--json", .. vectors]).Json();
        Assert.NotEqual(0, found.GetProperty("entities").GetArrayLength());
        Assert.Equal(1, Calls(server, "embeddings") - embeddings);
        Assert.Contains("fake", CommandLine.Run("code", "query", "anchor", "--store", store).Failure(ExitCode.Failed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--embedding-model needs a server", "--embedding-model", "m")]
    [InlineData("--llm-model and --llm-budget need a server", "--llm-model", "m")]
    [InlineData("'nowhere' is no URL", "--llm", "nowhere", "--llm-model", "m")]
    [InlineData("needs the name of a model", "--embeddings", "http://127.0.0.1:1")]
    [InlineData("'much' is no budget", "--llm", "http://127.0.0.1:1", "--llm-model", "m", "--llm-budget", "much")]
    public void Options_that_make_no_sense_are_wrong_usage(string says, params string[] options)
    {
        string[] command = ["code", "worker", "--store", "memory", "--redis", "127.0.0.1:1,connectRetry=1,connectTimeout=200", .. options];
        Assert.Contains(says, CommandLine.Run(command).Failure(ExitCode.WrongUsage), StringComparison.Ordinal);
    }

    private static int Calls(FakeEndpoint server, string kind) => server.Calls.Count(call => call.Path.Contains(kind, StringComparison.Ordinal));

    private static void Work(DurableRedis redis, Workspace workspace, FakeEndpoint server)
    {
        CommandLine.Run("code", "enqueue", "--repo", "sample", "--redis", redis.Address, "--json").Json();
        JsonElement json = CommandLine.Run(
            "code", "worker", "--redis", redis.Address, "--store", $"sqlite:{workspace["map.db"]}", "--repos", workspace.Folder, "--until-empty", "--quiet", "--json",
            "--embeddings", server.Url, "--embedding-model", "fake", "--llm", server.Url, "--llm-model", "fake", "--model-cache", workspace["models.db"]).Json();
        Assert.Equal(1, json.Number("processed"));
    }
}

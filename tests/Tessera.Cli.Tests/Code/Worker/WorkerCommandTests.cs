using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Tessera.Cli.Hosting;
using Tessera.Cli.Tests.Hosting;
using Tessera.CodeMap.Storage;
using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Tests.Code.Worker;

public sealed class WorkerCommandTests : IDisposable
{
    private readonly DurableRedis _redis = new();
    private readonly Workspace _workspace = new();

    [Fact]
    public async Task A_folder_and_a_commit_are_mapped_and_the_log_says_what_the_reference_tells_people_to_look_for()
    {
        SampleRepository.Write(_workspace["old"]);
        string commit = SampleRepository.Commit(_workspace["old"]);
        SampleRepository.Write(_workspace["old"], version: 2);
        SampleRepository.Write(_workspace["new"], version: 2);
        Enqueue("--repo", "old", "--commit", commit);
        Enqueue("--repo", "new");

        CommandLineResult result = Work();

        Assert.Equal(2, result.JsonOnStdout().Number("processed"));
        Assert.Contains("Building layer 1 from layer 0 clusters", result.Error, StringComparison.Ordinal);
        Assert.Matches(@"Layer 1 clustering complete, created \d+ clusters", result.Error);
        Assert.Matches(@"Hierarchical clustering complete, built \d+ layers total: ", result.Error);
        await using var store = new SqliteCodeMapStore(_workspace["map.db"]);
        Assert.Equal(commit, (await store.HeadAsync("old"))!.Commit);
        Assert.Null((await store.HeadAsync("new"))!.Commit);
        Assert.All((await store.ReadAsync("old"))!.Entities, entity => Assert.DoesNotContain("version 2", entity.Documentation, StringComparison.Ordinal));
        Assert.Contains((await store.ReadAsync("new"))!.Entities, entity => entity.Documentation.Contains("version 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_without_a_repository_maps_all_of_the_store_together()
    {
        SampleRepository.Write(_workspace["one"]);
        SampleRepository.Write(_workspace["two"], version: 2);
        Enqueue("--repo", "one");
        Enqueue("--repo", "two");
        Enqueue("-k", "4");
        Assert.Equal(3, Work().JsonOnStdout().Number("processed"));
        await using var store = new SqliteCodeMapStore(_workspace["map.db"]);
        IReadOnlyList<ClusterRecord> clusters = await store.ClustersAsync(MapHead.Global, 1);
        Assert.NotEmpty(clusters);
        Assert.Contains(clusters, cluster => cluster.MemberRepos.Count == 2);
    }

    [Fact]
    public void What_cannot_be_mapped_is_a_dead_letter_with_the_reason_when_its_tries_are_over()
    {
        SampleRepository.Write(_workspace["here"]);
        Enqueue("--repo", "missing");
        Enqueue("--repo", "here", "--commit", "abc");
        Work("--deliveries", "1");
        string[] reasons = [.. CommandLine.Run("code", "queue", "--redis", _redis.Address, "--json").Json()
            .GetProperty("dead_letters").EnumerateArray().Select(letter => letter.GetProperty("reason").GetString()!)];
        Assert.Contains("no repository 'missing'", reasons[0], StringComparison.Ordinal);
        Assert.Contains("git read-tree", reasons[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_worker_serves_health_and_metrics_and_stops_when_it_is_asked_to()
    {
        SampleRepository.Write(_workspace["here"]);
        Enqueue("--repo", "here");
        int port = FreePort();
        using Process worker = ChildProcess.Start(
            "code", "worker", "--redis", _redis.Address, "--store", $"sqlite:{_workspace["map.db"]}", "--repos", _workspace.Folder, "--health-port", $"{port}", "--json");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        string metrics = "";
        for (int attempt = 0; attempt < 300 && !metrics.Contains("jobs_processed_total 1\n", StringComparison.Ordinal); attempt++)
        {
            await Task.Delay(100);
            metrics = await ReadAsync(http, "/metrics");
        }

        Assert.Contains("tessera_hirag_worker_jobs_processed_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Equal("OK\n", await ReadAsync(http, "/health"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/other")).StatusCode);

        worker.Interrupt();
        CommandLineResult result = await worker.ResultAsync();
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Equal(1, result.JsonOnStdout().Number("processed"));
    }

    [Fact]
    public void A_folder_that_is_not_there_and_a_port_that_is_none_are_refused()
    {
        string[] start = ["code", "worker", "--redis", _redis.Address, "--store", "memory", "--until-empty"];
        Assert.Contains("no such folder", CommandLine.Run([.. start, "--repos", _workspace["missing"]]).Failure(ExitCode.Failed), StringComparison.Ordinal);
        Assert.Contains("--health-port", CommandLine.Run([.. start, "--repos", _workspace.Folder, "--health-port", "far too much"]).Failure(ExitCode.Failed), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _redis.Dispose();
        _workspace.Dispose();
    }

    private static async Task<string> ReadAsync(HttpClient http, string page)
    {
        try
        {
            return await http.GetStringAsync(page);
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return "";
        }
    }

    private void Enqueue(params string[] options) => CommandLine.Run(["code", "enqueue", "--redis", _redis.Address, "--json", .. options]).Json();

    private CommandLineResult Work(params string[] options)
    {
        CommandLineResult result = CommandLine.Run(
            ["code", "worker", "--redis", _redis.Address, "--store", $"sqlite:{_workspace["map.db"]}", "--repos", _workspace.Folder, "--until-empty", "--json", .. options]);
        Assert.Equal(ExitCode.Done, result.ExitCode);
        return result;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

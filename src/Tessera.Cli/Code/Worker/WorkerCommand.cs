using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.CodeMap;
using Tessera.CodeMap.Storage;
using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Code.Worker;

/// <summary><c>tessera code worker</c>.</summary>
internal sealed class WorkerCommand : CliCommand
{
    private readonly Option<string> _redis = RedisOption.Create();

    private readonly Option<string?> _store = MapStoreOption.Create();

    private readonly Option<string[]> _repos = new("--repos")
    {
        Description = "Folders in which repositories are found by their names; for a job that names a commit they must be git clones.",
        HelpName = "FOLDER...",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => ["."],
    };

    private readonly Option<string?> _health = new("--health-port")
    {
        Description = "Serve /health and /metrics at this port of this machine, or at HOST:PORT (*:8084 for every address).",
        HelpName = "PORT",
    };

    private readonly Option<double> _lease = new Option<double>("--lease")
    {
        Description = "Seconds without a sign of life after which a job is given to another worker.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 30,
    }.AtLeast(0.1);

    private readonly Option<int> _deliveries = new Option<int>("--deliveries")
    {
        Description = "How often a job is tried before it becomes a dead letter.",
        HelpName = "N",
        DefaultValueFactory = _ => 5,
    }.AtLeast(1);

    private readonly Option<bool> _untilEmpty = new("--until-empty") { Description = "End when no job is left instead of waiting for more." };

    private readonly ModelOptions _models = new();

    public WorkerCommand()
        : base(
            "worker",
            "Map what is asked for by the queue; any number of workers may share a queue and a store.",
            "tessera code worker --repos ~/src --store sqlite:code.db",
            "tessera code worker --redis 10.0.0.5:6379 --store 'postgres:Host=10.0.0.6;Database=maps' --repos /srv/git --health-port '*:8084'")
    {
        Add(_redis);
        Add(_store);
        Add(_repos);
        Add(_health);
        Add(_lease);
        Add(_deliveries);
        Add(_untilEmpty);
        _models.AddTo(this, writesSummaries: true);
        Add(CommonOptions.Seed);
        Add(CommonOptions.Threads);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        WorkerMetrics metrics = RunAsync(context, cancellationToken).GetAwaiter().GetResult();
        context.Present(
            new WorkerResult(metrics.Processed, metrics.Failed, metrics.Lost, metrics.RedisErrors),
            WorkerJson.Default.WorkerResult,
            (console, result) => console.MarkupLineInterpolated($"{Figures.Count(result.Processed)} jobs done, {Figures.Count(result.Failed)} deliveries failed, {Figures.Count(result.Lost)} lost to other workers."));
    }

    private async Task<WorkerMetrics> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        void Log(string line) => context.Tell(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ} {line}"));
        var folders = new RepositoryFolders(context.Get(_repos));
        using ModelSession models = _models.Create(context);
        using var jobs = new RedisJobs(context.Get(_redis), new JobQueueOptions { Lease = TimeSpan.FromSeconds(context.Get(_lease)), Deliveries = context.Get(_deliveries) });
        await using ICodeMapStore store = await MapStoreOption.OpenForBuildAsync(context.Find(_store), Directory.GetCurrentDirectory(), cancellationToken).ConfigureAwait(false);
        var mapper = new JobMapper(store, folders, models, new CodeMapOptions { Seed = context.Seed, Threads = context.Threads }, Log);
        var worker = new JobWorker(jobs, mapper.MapAsync, Log);
        using HealthServer? health = context.Find(_health) is { } address ? new HealthServer(address, worker.Metrics) : null;
        Log($"worker starts: queue {jobs.Name}, store {store.Name}");
        await worker.RunAsync(context.Find(_untilEmpty), cancellationToken).ConfigureAwait(false);
        return worker.Metrics;
    }
}

using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Code.Worker;

/// <summary><c>tessera code enqueue</c>.</summary>
internal sealed class EnqueueCommand : CliCommand
{
    private readonly Option<string?> _repo = new("--repo") { Description = "The repository; left out for the layers over all repositories of the store.", HelpName = "NAME" };

    private readonly Option<string?> _commit = new("--commit") { Description = "The commit to map; left out for what lies in the repository's folder.", HelpName = "COMMIT" };

    private readonly Option<int> _k = new("-k") { Description = "Clusters of each layer; 0 for the square root of the items.", HelpName = "K", DefaultValueFactory = _ => 0 };

    private readonly Option<int> _minClusters = new("--min-clusters")
    {
        Description = "Items that a layer must have for another one to be built over it.",
        HelpName = "N",
        DefaultValueFactory = _ => 3,
    };

    private readonly Option<string> _redis = RedisOption.Create();

    public EnqueueCommand()
        : base(
            "enqueue",
            "Ask the workers for the map of a repository.",
            "tessera code enqueue --repo tessera",
            "tessera code enqueue --repo tessera --commit 4f9e24d -k 0 --min-clusters 3 --redis 10.0.0.5:6379")
    {
        Add(_repo);
        Add(_commit);
        Add(_k);
        Add(_minClusters);
        Add(_redis);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        var job = new CodeMapJob(context.Find(_repo), context.Find(_commit), context.Get(_k), context.Get(_minClusters));
        try
        {
            CodeMapJob.Parse(job.ToJson());
        }
        catch (FormatException problem)
        {
            throw new UsageException($"{problem.Message}.", problem);
        }

        using var jobs = new RedisJobs(context.Get(_redis));
        long waiting = jobs.Enqueue(job);
        context.Present(new EnqueueResult(jobs.Name, job, waiting), WorkerJson.Default.EnqueueResult, (console, result) =>
            console.MarkupLineInterpolated($"Pushed {result.Job.ToJson()} to {result.Queue}, where {result.Waiting} now wait. A worker takes it: tessera code worker"));
    }
}

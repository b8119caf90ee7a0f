using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Demo;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.CodeMap;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Storage;

namespace Tessera.Cli.Code;

/// <summary><c>tessera code build</c>: maps a code base, or brings its map up to date.</summary>
internal sealed class BuildCommand : CliCommand
{
    private readonly Argument<string> _path = new("PATH") { Description = "The folder of the code base." };

    private readonly Option<string?> _repository = new("--repo") { Description = "The repository's name, part of every id (default: the folder's name).", HelpName = "NAME" };

    private readonly Option<string?> _store = MapStoreOption.Create();

    private readonly Option<int> _k = new Option<int>("-k") { Description = "Clusters of each layer; 0 takes the square root of the items.", DefaultValueFactory = _ => 0, HelpName = "K" }.AtLeast(0);

    private readonly Option<int> _minClusters = new Option<int>("--min-clusters") { Description = "Items that a layer must have for another one.", DefaultValueFactory = _ => 3, HelpName = "N" }.AtLeast(2);

    private readonly Option<int?> _maxDepth = new("--max-depth") { Description = $"Most layers (default {CodeMapOptions.MaxDepthVariable}, or 24).", HelpName = "N" };

    private readonly Option<ClusterMethod> _method = new("--method") { Description = "kmeans, or gmm: a Gaussian mixture, with members in several clusters.", DefaultValueFactory = _ => ClusterMethod.KMeans };

    private readonly Option<bool> _adaptive = new("--adaptive") { Description = "More clusters where items are spread out, fewer where they lie close." };

    private readonly Option<double?> _cohesion = new("--cohesion") { Description = "Stop when members are as near to their centroids as this, as a mean cosine.", HelpName = "C" };

    private readonly Option<bool> _fresh = new("--fresh") { Description = "Build from nothing, even where only what has changed could be." };

    private readonly Option<bool> _global = new("--global") { Description = "Then map all repositories of the store together, too." };

    private readonly Option<string?> _commit = new("--commit") { Description = "The commit that is mapped, to be kept with the map.", HelpName = "ID" };

    private readonly ModelOptions _models = new();

    public BuildCommand()
        : base(
            "build",
            "Map a code base, or bring its map up to date.",
            "tessera code build .",
            "tessera code build ~/src/project --repo project --store sqlite:maps.db --global",
            "tessera code build . --llm http://localhost:11434 --llm-model qwen3 --llm-budget 500calls",
            "tessera code build . --method gmm --verbose")
    {
        Add(_path);
        foreach (Option option in new Option[] { _repository, _store, _k, _minClusters, _maxDepth, _method, _adaptive, _cohesion, _fresh, _global, _commit, CommonOptions.Seed, CommonOptions.Threads })
            Add(option);
        _models.AddTo(this, writesSummaries: true);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(context.Get(_path)));
        if (!Directory.Exists(root))
            throw new FailureException($"{root}: no such folder; check the path.");
        CodeBuildResult result = context.Progress.Run(progress => BuildAsync(context, root, progress is null ? null : new MapProgress(progress), cancellationToken).GetAwaiter().GetResult());
        context.Present(result, CodeJson.Default.CodeBuildResult, Render);
    }

    private async Task<CodeBuildResult> BuildAsync(CommandContext context, string root, MapProgress? progress, CancellationToken cancellationToken)
    {
        using ModelSession models = _models.Create(context);
        var options = new StoredMapOptions
        {
            Map = new CodeMapOptions
            {
                Clusters = context.Get(_k),
                MinClusters = context.Get(_minClusters),
                MaxDepth = context.Find(_maxDepth),
                Method = context.Get(_method),
                AdaptiveBranching = context.Find(_adaptive),
                Cohesion = context.Find(_cohesion),
                Seed = context.Seed,
                Threads = context.Threads,
                Log = context.Log,
                Embedder = models.Embedder,
                Summarizer = models.Summarizer,
            },
            Commit = context.Find(_commit),
            IsFresh = context.Find(_fresh),
            Progress = progress,
        };
        string repository = context.Find(_repository) ?? Path.GetFileName(root);
        if (repository.Length == 0)
            throw new UsageException("--repo is empty; give a name, which becomes part of every id.");
        await using ICodeMapStore store = await MapStoreOption.OpenForBuildAsync(context.Find(_store), root, cancellationToken).ConfigureAwait(false);
        var builder = new StoredMapBuilder(store, options);
        BuildReport report = await builder.BuildAsync(root, repository, cancellationToken).ConfigureAwait(false);
        using CodeMapSnapshot map = report.Map;
        if (map.Entities.Count == 0)
            context.Warn($"{root}: no code was found there; the map is empty.");
        CodeBuildResult result = CodeBuildResult.Of(store, report);
        if (context.Find(_global))
        {
            BuildReport all = await builder.BuildGlobalAsync(cancellationToken).ConfigureAwait(false);
            using CodeMapSnapshot global = all.Map;
            result = result with { Global = CodeBuildResult.Of(store, all) };
        }

        if (models.Warning is { } warning)
            context.Warn(warning);
        return result with { Cost = models.Summarizer?.Ledger.Report };
    }

    private static void Render(IAnsiConsole console, CodeBuildResult result)
    {
        for (CodeBuildResult? each = result; each is not null; each = each.Global)
        {
            string name = each.Repo.Length == 0 ? "all repositories" : each.Repo;
            string how = each.Incremental
                ? $"generation {each.Generation} follows on the one before: {Figures.Count(each.FilesRead)} files read, {Figures.Count(each.EntitiesPut)} entities and {Figures.Count(each.ClustersPut)} clusters written"
                : $"generation {each.Generation}, from nothing";
            console.MarkupLineInterpolated($"[bold]{name}[/] in {each.Store}: {how}.");
            Table table = FigureTable.Columns("layer", "records");
            foreach (CodeLayerRow layer in each.Layers)
                table.AddRow($"{layer.Layer}", Figures.Count(layer.Clusters));
            console.Write(table);
            console.MarkupLineInterpolated($"{Figures.Count(each.Files)} files, {Figures.Seconds(each.Seconds)}. No further layer: {each.Termination}.");
        }

        if (result.Cost is { } cost)
            console.MarkupLineInterpolated($"The language model was called {Figures.Count(cost.Calls)} times for {Figures.Count(cost.InputTokens)} tokens in and {Figures.Count(cost.OutputTokens)} out; {Figures.Count(cost.Cached)} summaries were known.");
        console.MarkupLineInterpolated($"[dim]Ask it: tessera code query \"where is ...\"; walk it: tessera code tree.[/]");
    }
}

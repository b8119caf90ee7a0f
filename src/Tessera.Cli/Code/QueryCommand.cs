using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.CodeMap;
using Tessera.CodeMap.Retrieval;
using Tessera.CodeMap.Storage;

namespace Tessera.Cli.Code;

/// <summary><c>tessera code query</c>.</summary>
internal sealed class QueryCommand : CliCommand
{
    private const int FoldersShown = 5;

    private readonly Argument<string> _text = new("TEXT") { Description = "A question, words, or an identifier." };

    private readonly Option<RetrievalMode> _mode = new("--mode")
    {
        Description = "hybrid (vectors and words), local (vectors), words (BM25), global (down the layers), bridge (between clusters).",
        DefaultValueFactory = _ => RetrievalMode.Hybrid,
    };

    private readonly Option<int> _limit = new Option<int>("--limit") { Description = "Answers of each sort at most.", DefaultValueFactory = _ => 10, HelpName = "N" }.AtLeast(1);

    private readonly Option<int> _budget = new Option<int>("--budget") { Description = "Tokens of source that the answers may have together; 0 for no limit.", DefaultValueFactory = _ => 0, HelpName = "TOKENS" }.AtLeast(0);

    private readonly Option<bool> _source = new("--source") { Description = "With --json, give the source of what was found." };

    private readonly Option<string?> _store = MapStoreOption.Create();
    private readonly Option<string?> _repository = MapStoreOption.Repository();

    private readonly ModelOptions _models = new();

    public QueryCommand()
        : base(
            "query",
            "Ask a map where something is.",
            "tessera code query \"where are passwords checked\"",
            "tessera code query \"storage providers\" --mode global",
            "tessera code query \"retry policy\" --budget 4000 --source --json")
    {
        foreach (Symbol symbol in new Symbol[] { _mode, _limit, _budget, _source, _store, _repository })
            Add((Option)symbol);
        _models.AddTo(this, writesSummaries: false);
        Add(_text);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken) =>
        context.Present(AskAsync(context, cancellationToken).GetAwaiter().GetResult(), CodeJson.Default.CodeQueryResult, Render);

    private async Task<CodeQueryResult> AskAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string text = context.Get(_text);
        using ModelSession models = _models.Create(context);
        await using ICodeMapStore store = await MapStoreOption.OpenForReadingAsync(context.Find(_store), cancellationToken).ConfigureAwait(false);
        using CodeMapSnapshot map = await MapStoreOption.OpenMapAsync(store, context.Find(_repository), models.Embedder, cancellationToken).ConfigureAwait(false);
        var options = new RetrievalOptions { Mode = context.Get(_mode), Limit = context.Get(_limit), Budget = context.Get(_budget) };
        RetrievalResult found = map.Retrieve(text, options);
        bool withSource = context.Find(_source);
        return new CodeQueryResult(
            text,
            CodeNames.Of(found.Mode),
            [.. found.Entities.Select(answer => CodeEntityRow.Of(answer.Entity, answer.Clusters) with { Score = Score(answer.Score), Source = withSource ? answer.Entity.Source.ToString() : null })],
            [.. found.Clusters.Select(answer => CodeClusterRow.Of(answer.Cluster) with
            {
                Score = Score(answer.Score),
                Summary = answer.Cluster.Summary,
                Folder = answer.Folder,
                Path = [.. answer.Path.Select(cluster => cluster.Id)],
            })],
            [.. found.Bridges.Select(bridge => new CodeBridgeRow(
                CodeEntityRow.Of(bridge.From), CodeEntityRow.Of(bridge.To), CodeClusterRow.Of(bridge.FromCluster), CodeClusterRow.Of(bridge.ToCluster),
                bridge.Common is null ? null : CodeClusterRow.Of(bridge.Common), Score(bridge.Score)))],
            [.. found.Folders.Select(answer => new CodeFolderRow(answer.Path, Score(answer.Score)))]);
    }

    private static string Shown(string folder) => folder.Length == 0 ? "." : folder;

    private static double Score(float score) => Figures.Significant(score, 4);

    private static void Render(IAnsiConsole console, CodeQueryResult result)
    {
        if (result.Entities.Count + result.Clusters.Count + result.Bridges.Count == 0)
        {
            console.WriteLine("Nothing was found: no word of the question stands in the code.");
            return;
        }

        foreach (CodeClusterRow cluster in result.Clusters)
            console.MarkupLineInterpolated($"{cluster.Score:0.000}  [bold]{cluster.Label}[/]  [dim]{cluster.Id}, {cluster.Size} entities, most in {Shown(cluster.Folder!)}[/]");
        if (result.Folders.Count > 0)
            console.MarkupLineInterpolated($"[dim]Folders:[/] {string.Join(", ", result.Folders.Take(FoldersShown).Select(folder => $"{Shown(folder.Folder)} {folder.Score:0%}"))}");
        foreach (CodeEntityRow entity in result.Entities)
            console.MarkupLineInterpolated($"{entity.Score:0.000}  [bold]{entity.Name}[/]  {entity.File}:{entity.StartLine}-{entity.EndLine}  [dim]{string.Join(" > ", entity.Clusters!.Select(cluster => cluster.Label))}[/]");
        foreach (CodeBridgeRow bridge in result.Bridges)
            console.MarkupLineInterpolated($"{bridge.Score:0.000}  [bold]{bridge.From.Name}[/] mentions [bold]{bridge.To.Name}[/]  {bridge.From.File}:{bridge.From.StartLine}  [dim]{bridge.FromCluster.Label} > {bridge.ToCluster.Label}[/]");
    }
}

using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.CodeMap;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Storage;

namespace Tessera.Cli.Code;

/// <summary><c>tessera code tree</c>: the layers from the top down.</summary>
internal sealed class TreeCommand : CliCommand
{
    private readonly Option<int> _depth = new Option<int>("--depth") { Description = "Layers to show, from the top.", DefaultValueFactory = _ => 2, HelpName = "N" }.AtLeast(1);
    private readonly Option<string?> _store = MapStoreOption.Create();
    private readonly Option<string?> _repository = MapStoreOption.Repository();

    public TreeCommand()
        : base("tree", "Show the layers of a map from the top down.", "tessera code tree", "tessera code tree --depth 3 --json")
    {
        Add(_depth);
        Add(_store);
        Add(_repository);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken) =>
        context.Present(ReadAsync(context, cancellationToken).GetAwaiter().GetResult(), CodeJson.Default.CodeTreeResult, Render);

    private async Task<CodeTreeResult> ReadAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using ICodeMapStore store = await MapStoreOption.OpenForReadingAsync(context.Find(_store), cancellationToken).ConfigureAwait(false);
        using CodeMapSnapshot map = await MapStoreOption.OpenMapAsync(store, context.Find(_repository), null, cancellationToken).ConfigureAwait(false);
        int depth = context.Get(_depth);
        IReadOnlyList<CodeClusterRow> top = map.Layers.Count == 0 ? [] : [.. map.Layers[^1].Clusters.OrderByDescending(cluster => cluster.Size).Select(cluster => RowOf(map, cluster, depth))];
        return new CodeTreeResult(string.Join(", ", map.Repositories), map.Files, map.Entities.Count, top);
    }

    private static CodeClusterRow RowOf(CodeMapSnapshot map, CodeCluster cluster, int depth) => CodeClusterRow.Of(cluster) with
    {
        Summary = cluster.Summary,
        Children = depth == 1 || cluster.Layer == 1
            ? null
            : [.. cluster.Members.Select(member => map.Layers[cluster.Layer - 2].Clusters[member]).OrderByDescending(child => child.Size).Select(child => RowOf(map, child, depth - 1))],
    };

    private static void Render(IAnsiConsole console, CodeTreeResult result)
    {
        var tree = new Tree(Markup.Escape($"{result.Repo}: {Figures.Count(result.Entities)} entities in {Figures.Count(result.Files)} files"));
        foreach (CodeClusterRow cluster in result.Clusters)
            Add(tree, cluster);
        console.Write(tree);
    }

    private static void Add(IHasTreeNodes parent, CodeClusterRow cluster)
    {
        TreeNode node = parent.AddNode(new Markup($"[bold]{Markup.Escape(cluster.Label)}[/] {Figures.Count(cluster.Size)} [dim]{Markup.Escape(cluster.Id)}[/]"));
        foreach (CodeClusterRow child in cluster.Children ?? [])
            Add(node, child);
    }
}

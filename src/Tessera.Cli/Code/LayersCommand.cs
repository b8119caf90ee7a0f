using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.CodeMap.Storage;

namespace Tessera.Cli.Code;

/// <summary><c>tessera code layers</c>: how many clusters each layer has, the reference's <c>GROUP BY layer</c>.</summary>
internal sealed class LayersCommand : CliCommand
{
    private readonly Option<string?> _store = MapStoreOption.Create();
    private readonly Option<string?> _repository = MapStoreOption.Repository();

    public LayersCommand()
        : base("layers", "Count the clusters of each layer, and say why there are no more.", "tessera code layers", "tessera code layers --store sqlite:maps.db --repo project --json")
    {
        Add(_store);
        Add(_repository);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken) =>
        context.Present(ReadAsync(context, cancellationToken).GetAwaiter().GetResult(), CodeJson.Default.CodeLayersResult, Render);

    private async Task<CodeLayersResult> ReadAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using ICodeMapStore store = await MapStoreOption.OpenForReadingAsync(context.Find(_store), cancellationToken).ConfigureAwait(false);
        string map = await CodeMapReader.ChooseAsync(store, context.Find(_repository), cancellationToken).ConfigureAwait(false);
        MapHead head = (await store.HeadAsync(map, cancellationToken).ConfigureAwait(false))!;
        IReadOnlyList<LayerCount> layers = await store.LayersAsync(map, cancellationToken).ConfigureAwait(false);
        return new CodeLayersResult(
            store.Name, map, head.Generation, head.Commit, [.. layers.Select(layer => new CodeLayerRow(layer.Layer, layer.Clusters))], CodeNames.Of(head.Termination.Reason), head.Termination.Explanation);
    }

    private static void Render(IAnsiConsole console, CodeLayersResult result)
    {
        Table table = FigureTable.Columns("layer", "records");
        foreach (CodeLayerRow layer in result.Layers)
            table.AddRow($"{layer.Layer}", Figures.Count(layer.Clusters));
        console.Write(table);
        console.MarkupLineInterpolated($"No further layer: {result.Termination}.");
    }
}

using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.CodeMap;
using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Storage;

namespace Tessera.Cli.Code;

/// <summary><c>tessera code show</c>: one entity or cluster.</summary>
internal sealed class ShowCommand : CliCommand
{
    private readonly Argument<string> _id = new("ID") { Description = "The id of a cluster (hirag::layer1::5::repo::NAME) or of an entity, or the name of one." };
    private readonly Option<string?> _store = MapStoreOption.Create();
    private readonly Option<string?> _repository = MapStoreOption.Repository();

    public ShowCommand()
        : base("show", "Show a cluster with its members, or an entity with its source.", "tessera code show hirag::layer1::5::repo::project", "tessera code show KMeans.Fit")
    {
        Add(_id);
        Add(_store);
        Add(_repository);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken) =>
        context.Present(ReadAsync(context, cancellationToken).GetAwaiter().GetResult(), CodeJson.Default.CodeShowResult, Render);

    private async Task<CodeShowResult> ReadAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string id = context.Get(_id);
        await using ICodeMapStore store = await MapStoreOption.OpenForReadingAsync(context.Find(_store), cancellationToken).ConfigureAwait(false);
        string? repository = context.Find(_repository) ?? (ClusterId.TryParse(id, out ClusterId parsed) && parsed.Map != MapHead.Global ? parsed.Map : null);
        using CodeMapSnapshot map = await MapStoreOption.OpenMapAsync(store, repository, null, cancellationToken).ConfigureAwait(false);
        if (map.FindCluster(id) is { } cluster)
            return Of(map, cluster);
        int position = map.PositionOf(id);
        if (position < 0)
            position = Enumerable.Range(0, map.Entities.Count).FirstOrDefault(entity => map.Entities[entity].DisplayName == id || map.Entities[entity].Name == id, -1);
        if (position < 0)
            throw new FailureException($"{id}: the map has no such cluster or entity; 'tessera code query' finds what it has.");
        CodeEntity found = map.Entities[position];
        return new CodeShowResult(CodeEntityRow.Of(found, map.PathOf(position)) with { Source = found.Source.ToString() }, null, null);
    }

    private static CodeShowResult Of(CodeMapSnapshot map, CodeCluster cluster)
    {
        CodeClusterRow row = CodeClusterRow.Of(cluster) with { Summary = cluster.Summary };
        return cluster.Layer == 1
            ? new CodeShowResult(null, row, [.. cluster.Members.Select(member => CodeEntityRow.Of(map.Entities[member]))])
            : new CodeShowResult(null, row with { Children = [.. cluster.Members.Select(member => CodeClusterRow.Of(map.Layers[cluster.Layer - 2].Clusters[member]))] }, null);
    }

    private static void Render(IAnsiConsole console, CodeShowResult result)
    {
        if (result.Entity is { } entity)
        {
            console.MarkupLineInterpolated($"[bold]{entity.Name}[/]  {entity.File}:{entity.StartLine}-{entity.EndLine}");
            console.MarkupLineInterpolated($"[dim]{entity.Id}[/]");
            console.MarkupLineInterpolated($"[dim]{string.Join(" > ", entity.Clusters!.Select(cluster => cluster.Label))}[/]");
            console.WriteLine(entity.Source!);
            return;
        }

        console.MarkupLineInterpolated($"[bold]{result.Cluster!.Label}[/]  [dim]{result.Cluster.Id}[/]");
        console.WriteLine(result.Cluster.Summary ?? "");
        foreach (CodeClusterRow child in result.Cluster.Children ?? [])
            console.MarkupLineInterpolated($"  {child.Label}  {Figures.Count(child.Size)}  [dim]{child.Id}[/]");
        foreach (CodeEntityRow member in result.Members ?? [])
            console.MarkupLineInterpolated($"  {member.Name}  {member.File}:{member.StartLine}");
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tessera.Server.Hosting;
using Tessera.Server.Loading;

namespace Tessera.Server.Trees;

/// <summary>Walks through any hierarchy that was built.</summary>
internal static class TreeEndpoints
{
    public static void Map(IEndpointRouteBuilder api, ServedSystems systems)
    {
        RouteGroupBuilder trees = api.MapGroup("/trees").WithTags("trees");
        trees.MapGet("", () => List(systems)).WithSummary("The trees there are.");
        trees.MapGet("/{name}", (string name, string? root, int? depth, int? limit) => Nodes(Find(systems, name), root, depth, limit))
            .WithSummary("A node and what is beneath it, level by level.").Unchanging();
        trees.MapGet("/{name}/nodes/{id}", (string name, string id, int? offset, int? limit) => Details(Find(systems, name), id, offset, limit))
            .WithSummary("A node, the way to it, and who is in it.").Unchanging();
        trees.MapGet("/{name}/search", (string name, string q, int? k) => Search(Find(systems, name), q, k))
            .WithSummary("Nodes by text, with the way to each.").Unchanging();
    }

    private static Ok<TreeList> List(ServedSystems systems) => TypedResults.Ok(new TreeList(
        [.. systems.All.Select(Entry).OfType<TreeEntry>()]));

    private static TreeEntry? Entry(ServedSystem system)
    {
        if (system.Content?.Tree is { } tree)
            return new TreeEntry(system.Name, tree.Kind, system.Title, tree.Nodes, tree.Leaves, tree.Depth, Words.Of(system.State));
        return system.State == LoadState.Loading && system.Kind is SystemKind.Code or SystemKind.Ids
            ? new TreeEntry(system.Name, system.Kind, system.Title, 0, 0, 0, Words.Of(system.State))
            : null;
    }

    private static ITreeSource Find(ServedSystems systems, string name) =>
        systems.Named(name).Require<IServedContent>().Tree ?? throw RequestException.NotFound($"'{name}' has no hierarchy.");

    private static Ok<TreeNode> Nodes(ITreeSource tree, string? root, int? depth, int? limit)
    {
        int levels = Check.Range(depth, 1, 8, 2, "depth"), room = Check.Range(limit, 1, 20_000, 4000, "limit");
        var top = new TreeNode(Place(tree, root ?? ITreeSource.Root));
        List<TreeNode> level = [top];
        for (int i = 0; i < levels && room > 0; i++)
        {
            var next = new List<TreeNode>();
            foreach (TreeNode node in level)
            {
                foreach (TreePlace child in tree.Children(node.Id).Take(room))
                {
                    node.Children.Add(new TreeNode(child));
                    next.Add(node.Children[^1]);
                    room--;
                }
            }

            level = next;
        }

        return TypedResults.Ok(top);
    }

    private static Ok<TreeDetails> Details(ITreeSource tree, string id, int? offset, int? limit)
    {
        int from = Check.Range(offset, 0, int.MaxValue, 0, "offset"), count = Check.Range(limit, 1, 500, 50, "limit");
        TreePlace place = Place(tree, id);
        (IReadOnlyList<string>? words, string? source) = tree.Describe(id);
        return TypedResults.Ok(new TreeDetails(
            place.Id, place.Label, place.Summary, place.Kind, place.Size, place.Layer, words, source,
            [.. tree.Path(id).Select(step => new TreeStep(step.Id, step.Label))],
            place.Size, from, from >= place.Size ? [] : tree.Members(id, from, count)));
    }

    private static Ok<TreeSearchAnswer> Search(ITreeSource tree, string q, int? k) =>
        TypedResults.Ok(new TreeSearchAnswer(q, tree.Search(Check.Text(q, 500, "q"), Check.Range(k, 1, 200, 20, "k"))));

    private static TreePlace Place(ITreeSource tree, string id) =>
        tree.Find(id) ?? throw RequestException.NotFound($"This tree has no node '{Check.Shown(id)}'.");
}

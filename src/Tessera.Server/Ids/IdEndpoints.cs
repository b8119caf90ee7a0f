using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tessera.SemanticIds;
using Tessera.SemanticIds.Tries;
using Tessera.Server.Hosting;
using Tessera.Server.Loading;
using Tessera.Server.Trees;

namespace Tessera.Server.Ids;

/// <summary>Finds items by the beginning of their semantic ids.</summary>
internal static class IdEndpoints
{
    public static void Map(IEndpointRouteBuilder api, ServedSystems systems)
    {
        RouteGroupBuilder ids = api.MapGroup("/ids").WithTags("ids");
        ids.MapGet("", () => List(systems)).WithSummary("The lists of ids that are loaded.");
        ids.MapGet("/{store}/find", (string store, string? id, int? k) => Find(systems.Find(SystemKind.Ids, store), id, k))
            .WithSummary("The items whose ids begin alike.").Unchanging();
    }

    private static Ok<IdStoreList> List(ServedSystems systems) => TypedResults.Ok(new IdStoreList(
        [.. systems.All.Where(system => system.Content is IdsContent).Select(system => new IdStoreEntry(system.Name, system.Content!.Tree!.Leaves, system.Content.Tree.Depth))]));

    private static Ok<IdFindAnswer> Find(ServedSystem system, string? id, int? k)
    {
        SemanticIdTrie trie = system.Require<IdsContent>().Trie;
        int most = Check.Range(k, 1, 1000, 20, "k");
        int[] prefix = string.IsNullOrEmpty(id) ? [] : Parse(id);
        return TypedResults.Ok(new IdFindAnswer(
            prefix,
            trie.CountUnder(prefix),
            [.. trie.Under(prefix, most).Select(item => new IdItem(item.Item, SemanticIdFormat.Plain.Write(item.Codes.Span)))],
            [.. trie.NextCodes(prefix).Select(code => new NextCode(code, trie.CountUnder([.. prefix, code])))]));
    }

    private static int[] Parse(string id) => (id.Length <= 500 ? IdReader.Parse(id) : null)
        ?? throw RequestException.Bad($"id is '{Check.Shown(id)}'; give codes as 12-5 or <a_12><b_5>.");
}

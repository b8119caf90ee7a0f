using System.Net;
using System.Text.Json.Nodes;

namespace Tessera.Server.Tests.Trees;

[Collection(SharedServer.Name)]
public sealed class TreeEndpointsTests(RunningServer server)
{
    [Theory]
    [InlineData("sources", "code")]
    [InlineData("lists", "kmeans")]
    [InlineData("tree", "index")]
    [InlineData("items", "ids")]
    public async Task Every_hierarchy_can_be_walked_from_its_root(string name, string kind)
    {
        JsonNode entry = (await server.Get("/api/trees"))["trees"]!.AsArray().Single(tree => tree!["name"]!.GetValue<string>() == name)!;
        Assert.Equal(kind, entry["kind"]!.GetValue<string>());

        JsonNode root = await server.Get($"/api/trees/{name}?depth=8&limit=20000");

        Assert.Equal(entry["leaves"]!.GetValue<int>(), root["size"]!.GetValue<int>());
        Assert.Equal(entry["nodes"]!.GetValue<int>(), CountNodes(root));
        AssertSizesAddUp(root);
    }

    [Fact]
    public async Task An_index_without_clusters_has_no_tree()
    {
        Assert.DoesNotContain((await server.Get("/api/trees"))["trees"]!.AsArray(), tree => tree!["name"]!.GetValue<string>() == "flat");
        await server.Refused("/api/trees/flat", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Depth_and_limit_leave_out_children_and_say_so()
    {
        JsonNode root = await server.Get("/api/trees/lists?depth=1&limit=3");

        Assert.Equal(3, root["children"]!.AsArray().Count);
        Assert.Equal(8, root["childCount"]!.GetValue<int>());
        Assert.True(root["hasMore"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("sources", "MakeParser3")]
    [InlineData("items", "item 17")]
    [InlineData("lists", "17")]
    [InlineData("tree", "17")]
    public async Task A_search_gives_the_path_to_what_it_finds(string name, string text)
    {
        JsonNode hit = (await server.Get($"/api/trees/{name}/search?q={Uri.EscapeDataString(text)}"))["hits"]!.AsArray()[0]!;

        string[] path = [.. hit["path"]!.AsArray().Select(id => id!.GetValue<string>())];
        Assert.Equal("root", path[0]);
        JsonNode last = await server.Get($"/api/trees/{name}/nodes/{path[^1]}?limit=500");
        Assert.Equal(path, last["path"]!.AsArray().Select(step => step!["id"]!.GetValue<string>()));
        Assert.Contains(last["members"]!.AsArray(), member => member!["label"]!.GetValue<string>().EndsWith(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sources")]
    [InlineData("lists")]
    [InlineData("tree")]
    [InlineData("items")]
    public async Task Pages_of_members_are_all_members_once(string name)
    {
        int total = (await server.Get($"/api/trees/{name}/nodes/root?limit=1"))["total"]!.GetValue<int>();
        var labels = new List<string>();
        for (int offset = 0; offset < total; offset += 37)
            labels.AddRange((await server.Get($"/api/trees/{name}/nodes/root?offset={offset}&limit=37"))["members"]!.AsArray().Select(Key));

        Assert.Equal(total, labels.Count);
        Assert.Equal(total, labels.Distinct().Count());

        static string Key(JsonNode? member) => $"{member!["id"]} {member["label"]}";
    }

    [Fact]
    public async Task An_entity_of_code_comes_with_its_place_and_source()
    {
        JsonNode hit = (await server.Get("/api/trees/sources/search?q=MakeSocket2"))["hits"]!.AsArray()[0]!;
        Assert.Equal("Socket.cs", hit["file"]!.GetValue<string>());

        JsonNode entity = await server.Get($"/api/trees/sources/nodes/{hit["id"]}");

        Assert.Contains("MakeSocket2", entity["source"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("Makes Socket number 2.", entity["members"]![0]!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_caller_who_has_the_answer_is_told_so()
    {
        using HttpResponseMessage first = await server.Client.GetAsync(new Uri("/api/trees/lists?depth=1", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/trees/lists?depth=1");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage same = await server.Client.SendAsync(request);
        using var changed = new HttpRequestMessage(HttpMethod.Get, "/api/trees/lists?depth=2");
        changed.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage other = await server.Client.SendAsync(changed);

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    private static int CountNodes(JsonNode node) => 1 + node["children"]!.AsArray().Sum(child => CountNodes(child!));

    private static void AssertSizesAddUp(JsonNode node)
    {
        JsonArray children = node["children"]!.AsArray();
        Assert.False(node["hasMore"]!.GetValue<bool>());
        if (children.Count == 0)
            return;
        Assert.Equal(node["size"]!.GetValue<int>(), children.Sum(child => child!["size"]!.GetValue<int>()));
        Assert.All(children, child => AssertSizesAddUp(child!));
    }
}

using System.Text.Json.Nodes;

namespace Tessera.Server.Tests.Code;

[Collection(SharedServer.Name)]
public sealed class CodeEndpointsTests(RunningServer server)
{
    [Theory]
    [InlineData("hybrid")]
    [InlineData("local")]
    [InlineData("words")]
    public async Task A_question_is_answered_by_the_entity_it_is_about(string mode)
    {
        JsonNode answer = await server.Get($"/api/code/query?text=make%20packet&mode={mode}&limit=3");

        JsonNode best = answer["entities"]!.AsArray()[0]!;
        Assert.Equal(mode, answer["mode"]!.GetValue<string>());
        Assert.Equal("Packet.cs", best["file"]!.GetValue<string>());
        Assert.Equal(best["name"]!.GetValue<string>(), (await server.Get($"/api/trees/sources/nodes/{best["node"]}"))["label"]!.GetValue<string>());
        Assert.True(answer["entities"]!.AsArray().Count <= 3);
    }

    [Theory]
    [InlineData("global")]
    [InlineData("bridge")]
    public async Task Broad_modes_answer_with_clusters_of_the_tree(string mode)
    {
        JsonNode answer = await server.Get($"/api/code/query?text=socket%20packet%20router&mode={mode}");

        JsonNode cluster = answer["clusters"]!.AsArray()[0]!;
        Assert.Equal(cluster["label"]!.GetValue<string>(), (await server.Get($"/api/trees/sources/nodes/{cluster["node"]}"))["label"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("/api/code/query", "text is missing")]
    [InlineData("/api/code/query?text=%20", "text is empty")]
    [InlineData("/api/code/query?text=a&mode=deep", "mode is 'deep'; give hybrid")]
    [InlineData("/api/code/query?text=a&mode=2", "mode is '2'")]
    [InlineData("/api/code/query?text=a&limit=0", "limit is 0; give 1 to 100")]
    [InlineData("/api/code/query?text=a&limit=many", "limit is 'many'; give a whole number")]
    [InlineData("/api/code/query?text=a&budget=-1", "budget is -1")]
    public async Task What_is_wrong_with_a_question_is_told(string address, string problem) =>
        Assert.StartsWith(problem, await server.Refused(address), StringComparison.Ordinal);
}

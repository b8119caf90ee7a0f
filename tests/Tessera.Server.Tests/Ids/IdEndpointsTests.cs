using System.Text.Json.Nodes;

namespace Tessera.Server.Tests.Ids;

[Collection(SharedServer.Name)]
public sealed class IdEndpointsTests(RunningServer server)
{
    [Fact]
    public async Task The_items_under_a_prefix_are_counted_by_what_comes_next()
    {
        JsonNode all = await server.Get("/api/ids/items/find");
        JsonNode next = all["next"]!.AsArray()[1]!;

        JsonNode found = await server.Get($"/api/ids/items/find?id={next["code"]}&k=1000");

        Assert.Equal(ServedData.Items, all["count"]!.GetValue<int>());
        Assert.Equal(ServedData.Items, all["next"]!.AsArray().Sum(code => code!["count"]!.GetValue<int>()));
        Assert.Equal(next["count"]!.GetValue<int>(), found["count"]!.GetValue<int>());
        Assert.All(found["items"]!.AsArray(), item => Assert.StartsWith($"{next["code"]}-", item!["id"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ids_are_read_in_both_ways_of_writing_them() => Assert.Equal(
        (await server.Get("/api/ids/items/find?id=1-2"))["count"]!.GetValue<int>(),
        (await server.Get("/api/ids/items/find?id=%3Ca_1%3E%3Cb_2%3E"))["count"]!.GetValue<int>());

    [Theory]
    [InlineData("/api/ids/items/find?id=x", "id is 'x'; give codes as 12-5")]
    [InlineData("/api/ids/items/find?id=1-x", "id is '1-x'")]
    [InlineData("/api/ids/items/find?id=99999999999", "id is '99999999999'")]
    [InlineData("/api/ids/items/find?k=-5", "k is -5; give 1 to 1000.")]
    public async Task What_is_wrong_with_an_id_is_told(string address, string problem) =>
        Assert.StartsWith(problem, await server.Refused(address), StringComparison.Ordinal);
}

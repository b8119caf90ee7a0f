using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Tessera.Indexes;
using Tessera.Search;

namespace Tessera.Server.Tests.Indexes;

[Collection(SharedServer.Name)]
public sealed class IndexEndpointsTests(RunningServer server)
{
    [Fact]
    public async Task An_index_is_described()
    {
        JsonNode index = await server.Get("/api/indexes/lists");

        Assert.Equal("IVF8,Flat", index["specification"]!.GetValue<string>());
        Assert.Equal(ServedData.Vectors, index["count"]!.GetValue<int>());
        Assert.Equal("probes", index["knob"]!.GetValue<string>());
        Assert.Equal(3, (await server.Get("/api/indexes"))["indexes"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("lists")]
    [InlineData("tree")]
    [InlineData("flat")]
    public async Task A_search_answers_as_the_engine_does(string name)
    {
        float[] query = ServedData.Vector(999);
        using VectorIndex index = VectorIndex.Open(Path.Combine(server.Folder, $"{name}.tsr"));
        var expected = new Neighbor[7];
        index.Search(query, expected);

        using HttpResponseMessage response = await Search(name, $$"""{"vector":{{Json(query)}},"k":7}""");
        JsonArray found = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["results"]!.AsArray();

        Assert.Equal(expected.Select(one => one.Id), found.Select(one => one!["id"]!.GetValue<long>()));
        Assert.Equal(expected.Select(one => one.Distance), found.Select(one => one!["distance"]!.GetValue<float>()));
    }

    [Theory]
    [InlineData("""{"vector":[1,2],"k":3}""", "vector has 2 numbers; give 8.")]
    [InlineData("""{}""", "vector has 0 numbers")]
    [InlineData("""{"vector":null}""", "vector has 0 numbers")]
    [InlineData("""{"vector":[1e60,0,0,0,0,0,0,0]}""", "vector has a number")]
    [InlineData("""{"vector":[1e30,0,0,0,0,0,0,0]}""", "")]
    [InlineData("""{"vector":[0,0,0,0,0,0,0,0],"k":0}""", "k is 0")]
    [InlineData("""{"vector":[0,0,0,0,0,0,0,0],"k":1000000000}""", "k is 1000000000; give 1 to 1000.")]
    [InlineData("""{"vector":[0,0,0,0,0,0,0,0],"probes":-1}""", "probes is -1")]
    [InlineData("""{"vector":[0,0,0,0,0,0,0,0],"probes":9}""", "probes is 9; give 0 to 8.")]
    [InlineData("""{"vector":[0,0,0,0,0,0,0,0],"tag":"none"}""", "tag is 'none'")]
    [InlineData("""{"vector":[NaN]}""", "")]
    [InlineData("""{"vector":["x"]}""", "")]
    [InlineData("""{"vector":[1,2""", "")]
    [InlineData("", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    public async Task A_search_that_cannot_be_is_refused(string body, string problem)
    {
        using HttpResponseMessage response = await Search("lists", body);

        Assert.StartsWith(problem, await RunningServer.Refusal(response, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_deeply_nested_arrays_is_refused()
    {
        using HttpResponseMessage response = await Search("lists", $$"""{"vector":{{new string('[', 100_000)}}""");

        await RunningServer.Refusal(response, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        using var content = new StringContent("vector=1", Encoding.UTF8, "application/x-www-form-urlencoded");
        using HttpResponseMessage response = await server.Client.PostAsync(new Uri("/api/indexes/lists/search", UriKind.Relative), content);

        await RunningServer.Refusal(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        using var content = new StringContent($$"""{"vector":[{{new string('1', 2 << 20)}}]}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/indexes/lists/search") { Content = content };
        // A body that is refused unread would break the connection under the sender.
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        await RunningServer.Refusal(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task An_index_that_is_not_there_is_named_with_those_that_are() =>
        Assert.Equal("There is no index named 'other'; there are lists, tree, flat.", await server.Refused("/api/indexes/other", HttpStatusCode.NotFound));

    private async Task<HttpResponseMessage> Search(string name, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await server.Client.PostAsync(new Uri($"/api/indexes/{name}/search", UriKind.Relative), content);
    }

    private static string Json(float[] vector) => $"[{string.Join(',', vector.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))}]";
}

using System.Text.Json.Nodes;

namespace Tessera.Server.Tests.Systems;

[Collection(SharedServer.Name)]
public sealed class SystemEndpointsTests(RunningServer server)
{
    [Fact]
    public async Task All_that_is_served_is_listed_with_its_counts()
    {
        JsonNode list = await server.Get("/api/systems");

        JsonArray systems = list["systems"]!.AsArray();
        Assert.All(systems, system => Assert.Equal("ready", system!["state"]!.GetValue<string>()));
        JsonNode lists = systems.Single(system => system!["name"]!.GetValue<string>() == "lists")!;
        Assert.Equal(ServedData.Vectors, lists["counts"]!["vectors"]!.GetValue<int>());
        Assert.Equal(["code", "ids", "index", "music"], systems.Select(system => system!["kind"]!.GetValue<string>()).Where(kind => kind != "colors").Distinct().Order());
    }

    [Fact]
    public async Task Health_is_ok_once_everything_is_loaded() =>
        Assert.Equal("ok", (await server.Get("/health"))["status"]!.GetValue<string>());

    [Fact]
    public async Task The_OpenAPI_document_names_every_address()
    {
        JsonObject paths = (await server.Get("/openapi/v1.json"))["paths"]!.AsObject();

        string[] expected =
        [
            "/api/systems", "/api/trees", "/api/trees/{name}", "/api/trees/{name}/nodes/{id}", "/api/trees/{name}/search", "/api/code/query",
            "/api/indexes", "/api/indexes/{name}", "/api/indexes/{name}/search", "/api/ids", "/api/ids/{store}/find",
            "/api/music/styles", "/api/music/retrieve", "/api/music/sample",
            "/api/colors/search", "/api/colors/search/image", "/api/colors/facets", "/api/colors/names", "/api/colors/images/{id}",
            "/api/colors/images/{id}/thumbnail", "/api/colors/images/{id}/palette", "/api/colors/images/{id}/similar", "/health", "/metrics",
        ];
        Assert.All(expected, path => Assert.True(paths.ContainsKey(path), $"{path} is missing."));
    }

    [Fact]
    public async Task Metrics_count_searches_of_the_engine_and_requests()
    {
        using var content = new StringContent($$"""{"vector":[{{string.Join(',', ServedData.Vector(1).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)))}}]}""", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage searched = await server.Client.PostAsync(new Uri("/api/indexes/lists/search", UriKind.Relative), content);
        searched.EnsureSuccessStatusCode();

        string text = await server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Matches(@"(?m)^tessera_[a-z_]*queries_total\{.*\} \d+$", text);
        Assert.Matches(@"(?m)^http_server_request_duration_seconds_count\{.*http_route=""/api/indexes/\{name\}/search"".*\} \d+$", text);
        Assert.Contains("# TYPE http_server_request_duration_seconds histogram", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_served_and_not_sent_again_while_it_is_the_same()
    {
        using HttpResponseMessage page = await server.Client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using HttpResponseMessage unchanged = await server.Client.SendAsync(again);

        Assert.Equal(System.Net.HttpStatusCode.NotModified, unchanged.StatusCode);
    }
}

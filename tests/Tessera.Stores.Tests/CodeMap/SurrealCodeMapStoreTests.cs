using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Tessera.CodeMap.Storage;
using Tessera.Stores.CodeMap;

namespace Tessera.Stores.Tests.CodeMap;

public sealed class SurrealCodeMapStoreTests(SurrealServer server) : CodeMapStoreContract, IClassFixture<SurrealServer>
{
    private string? _url;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Url => _url ??= server.Require();

    [Fact]
    public async Task The_queries_of_the_reference_work_as_they_stand()
    {
        await using ICodeMapStore store = await OpenAsync();
        await store.CommitAsync(StoredMaps.First("hyperzoekt"), Token);

        JsonArray layers = await SqlAsync("SELECT layer, count() as num_clusters FROM hirag_cluster GROUP BY layer ORDER BY layer;");
        Assert.Equal(["0 4", "1 12", "10 1"], layers.Select(row => $"{row!["layer"]} {row["num_clusters"]}"));
        JsonArray rows = await SqlAsync("SELECT * FROM hirag_cluster WHERE member_repos CONTAINS 'hyperzoekt';");
        Assert.Equal(17, rows.Count);
        JsonNode record = rows.Single(row => (string?)row!["stable_id"] == "hirag::layer1::5::repo::hyperzoekt")!;
        Assert.All(
            ["id", "stable_id", "stable_label", "label", "summary", "members", "centroid", "centroid_len", "member_repos", "layer"],
            field => Assert.NotNull(record[field]));
        Assert.Equal(("layer1-cluster-5", 3, 1), ((string?)record["stable_label"], (int)record["centroid_len"]!, (int)record["layer"]!));
        // Where the reference looks for layer 1 by a part of the id, the number tells the layers apart.
        Assert.Equal(12, (await SqlAsync("SELECT label, summary FROM hirag_cluster WHERE layer = 1;")).Count);
        Assert.Equal(10, (await SqlAsync("SELECT label, summary FROM hirag_cluster WHERE layer = 1 LIMIT 10;")).Count);
    }

    [Fact]
    public async Task A_bearer_token_does_as_well_as_a_password()
    {
        await using SurrealCodeMapStore store = await SurrealCodeMapStore.OpenAsync(server.Require(":good"), null, Token);

        Assert.Empty(await store.MapsAsync(Token));
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_showing_it()
    {
        string message = (await Assert.ThrowsAsync<IOException>(() => SurrealCodeMapStore.OpenAsync(server.Require("root:secret"), null, Token))).Message;

        Assert.Contains("401", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_failed_build_put_aside_is_thrown_away()
    {
        await using ICodeMapStore store = await OpenAsync();
        MapChange first = StoredMaps.First("sample");
        await store.CommitAsync(first, Token);
        await store.CommitAsync(StoredMaps.Whole(first, 2), Token);
        await Assert.ThrowsAsync<StaleBuildException>(() => store.CommitAsync(StoredMaps.Whole(first, 2), Token));

        Assert.Empty(await SqlAsync("SELECT * FROM code_staging;"));
    }

    [Fact]
    public async Task A_server_that_goes_away_is_named()
    {
        using var mortal = new SurrealServer();
        await using SurrealCodeMapStore store = await SurrealCodeMapStore.OpenAsync(mortal.Require(), null, Token);
        await store.CommitAsync(StoredMaps.First("sample"), Token);
        mortal.Stop();

        Assert.Contains("does not answer", (await Assert.ThrowsAsync<IOException>(() => store.CommitAsync(StoredMaps.Whole(StoredMaps.First("sample"), 2), Token))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:8000")]
    [InlineData("ftp://localhost")]
    [InlineData("http://localhost/a/b/c")]
    public async Task What_is_no_address_is_refused(string url) => await Assert.ThrowsAsync<FormatException>(() => SurrealCodeMapStore.OpenAsync(url, null, Token));

    protected override async Task<ICodeMapStore> OpenAsync() => await SurrealCodeMapStore.OpenAsync(Url, null, Token);

    private async Task<JsonArray> SqlAsync(string sql)
    {
        var url = new Uri(Url);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{url.Authority}/sql") { Content = new StringContent(sql) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(url.UserInfo)));
        foreach ((string name, string value) in new[] { ("NS", "zoekt"), ("DB", url.AbsolutePath.Split('/')[2]), ("Surreal-NS", "zoekt"), ("Surreal-DB", url.AbsolutePath.Split('/')[2]) })
            request.Headers.Add(name, value);
        using HttpResponseMessage answer = await client.SendAsync(request, Token);
        JsonNode statement = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))![0]!;
        Assert.Equal("OK", (string?)statement["status"]);
        return (JsonArray)statement["result"]!;
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Tessera.CodeMap.Storage;
using Tessera.Server.Hosting;
using Tessera.Server.Loading;
using Tessera.Stores.CodeMap;

namespace Tessera.Server.Tests.Loading;

public sealed class LoadingTests
{
    [Fact]
    public async Task What_is_still_loading_is_answered_with_the_wish_to_come_again()
    {
        using var systems = new ServedSystems();
        systems.Add(SystemKind.Index, "late.tsr", _ => throw new IOException("late.tsr: is damaged."));
        await using WebApplication app = ServerPipeline.Build(new ServerOptions { Port = 0 }, systems);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using HttpResponseMessage loading = await client.GetAsync(new Uri("/api/indexes/late", UriKind.Relative));
        Assert.Equal("late is still loading; try again in a moment.", await RunningServer.Refusal(loading, HttpStatusCode.ServiceUnavailable));
        Assert.Equal(TimeSpan.FromSeconds(1), loading.Headers.RetryAfter?.Delta);
        Assert.Equal("loading", await Status(client));

        systems.LoadAll(CancellationToken.None);

        using HttpResponseMessage failed = await client.GetAsync(new Uri("/api/indexes/late", UriKind.Relative));
        Assert.Equal("late could not be loaded: late.tsr: is damaged.", await RunningServer.Refusal(failed, HttpStatusCode.ServiceUnavailable));
        Assert.Equal("degraded", await Status(client));
    }

    [Fact]
    public async Task A_damaged_file_leaves_the_others_served()
    {
        using var folder = new TemporaryFolder();
        ServerOptions options = ServedData.Make(folder);
        byte[] bytes = await File.ReadAllBytesAsync(options.Indexes[0]);
        await File.WriteAllBytesAsync(options.Indexes[0], bytes[..(bytes.Length / 2)]);

        await using TesseraServer server = await TesseraServer.StartAsync(options with { Code = [], StarterPacks = false, Colors = null });
        await server.WaitUntilLoadedAsync();
        using var client = new HttpClient { BaseAddress = server.Address };

        Assert.Single(server.Failures);
        Assert.Contains("\"Tree2x4\"", await client.GetStringAsync(new Uri("/api/indexes/tree", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal("degraded", await Status(client));
    }

    [Fact]
    public async Task A_map_kept_in_a_store_answers_as_the_folder_does_and_addresses_of_databases_are_not_shown()
    {
        using var folder = new TemporaryFolder();
        ServerOptions options = ServedData.Make(folder);
        string kept = $"sqlite:{folder["code.db"]}";
        await using (ICodeMapStore store = await CodeMapStores.OpenAsync(kept))
            (await new StoredMapBuilder(store).BuildAsync(options.Code[0], "sources")).Map.Dispose();

        await using TesseraServer server = await TesseraServer.StartAsync(new ServerOptions { Port = 0, Code = [options.Code[0], kept, "postgres:Host=127.0.0.1;Port=1;Password=hidden;Timeout=2"] });
        await server.WaitUntilLoadedAsync();
        using var client = new HttpClient { BaseAddress = server.Address };

        foreach (string map in (string[])["code", "sources"])
        {
            string answer = await client.GetStringAsync(new Uri($"/api/code/query?text=make%20packet&map={map}&limit=1", UriKind.Relative));
            Assert.Equal("Packet.cs", JsonNode.Parse(answer)!["entities"]![0]!["file"]!.GetValue<string>());
        }

        string systems = await client.GetStringAsync(new Uri("/api/systems", UriKind.Relative));
        Assert.DoesNotContain("hidden", systems + string.Join(' ', server.Failures), StringComparison.Ordinal);
        Assert.Single(server.Failures);
    }

    [Theory]
    [InlineData("Photos 2024.colors", "photos-2024")]
    [InlineData("../..", "unnamed")]
    [InlineData("a/b/Grüße.tsr", "gr--e")]
    public void Names_need_no_escape_in_addresses(string path, string name)
    {
        using var systems = new ServedSystems();
        systems.Add(SystemKind.Index, path, _ => throw new IOException());

        Assert.Equal(name, systems.All[0].Name);
    }

    [Fact]
    public void Files_of_one_name_are_told_apart()
    {
        using var systems = new ServedSystems();
        foreach (string path in (string[])["a/x.tsr", "b/x.tsr", "x.tsv"])
            systems.Add(SystemKind.Index, path, _ => throw new IOException());

        Assert.Equal(["x", "x-2", "x-3"], systems.All.Select(system => system.Name));
    }

    [Fact]
    public async Task A_page_is_served_from_a_folder_and_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["web"]);
        await File.WriteAllTextAsync(Path.Combine(folder["web"], "index.html"), "<p>own</p>");
        await File.WriteAllTextAsync(folder["secret.txt"], "secret");
        File.CreateSymbolicLink(Path.Combine(folder["web"], "link.txt"), folder["secret.txt"]);
        await using TesseraServer server = await TesseraServer.StartAsync(new ServerOptions { Port = 0, WebRoot = folder["web"] });
        using var client = new HttpClient { BaseAddress = server.Address };

        Assert.Equal("<p>own</p>", await client.GetStringAsync(new Uri("/", UriKind.Relative)));
        foreach (string address in (string[])["/link.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt"])
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(address, UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    private static async Task<string> Status(HttpClient client) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri("/health", UriKind.Relative)))!["status"]!.GetValue<string>();
}

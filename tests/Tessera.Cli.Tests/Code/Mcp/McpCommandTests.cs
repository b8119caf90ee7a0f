using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Tessera.Cli.Tests.Code.Worker;
using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Code.Mcp;

/// <summary>The server as a process of its own, asked by a client as assistants have it.</summary>
public sealed class McpCommandTests : IAsyncLifetime
{
    private readonly Workspace _workspace = new();
    private McpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        SampleRepository.Write(_workspace["sample"]);
        Build();
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = "test",
            Command = "dotnet",
            Arguments = ["exec", typeof(Program).Assembly.Location, "code", "mcp", "--store", $"sqlite:{_workspace["map.db"]}", "--repo", "sample"],
        });
        // A busy machine may take its time to start a process, and after a probe that ran out there is no way back.
        _client = await McpClient.CreateAsync(transport, new McpClientOptions { DiscoverProbeTimeout = Timeout.InfiniteTimeSpan });
    }

    [Fact]
    public async Task The_tools_say_what_they_are_for_and_that_they_change_nothing()
    {
        IList<McpClientTool> tools = await _client.ListToolsAsync();
        Assert.Equal(["fetch_entity_snapshot", "hirag_retrieve", "open_cluster"], tools.Select(tool => tool.Name).Order());
        Assert.All(tools, tool => Assert.True(tool.ProtocolTool.Annotations!.ReadOnlyHint));
        Assert.All(tools, tool => Assert.NotEmpty(tool.Description));
        Assert.Equal("tessera", _client.ServerInfo?.Name);
    }

    [Fact]
    public async Task A_question_finds_entities_and_clusters_and_an_entity_is_fetched_by_its_id()
    {
        JsonElement found = await CallAsync("hirag_retrieve", ("q", "how heavy is the anchor of a person"), ("top_k", 3));
        Assert.Equal("fetch_entity_snapshot", found.GetProperty("member_fetch_tool").GetString());
        string id = found.GetProperty("top_entities")[0].GetString()!;
        Assert.Contains("AnchorWeight", id, StringComparison.Ordinal);
        Assert.Equal(3, found.GetProperty("entities").GetArrayLength());
        Assert.NotEqual(0, found.GetProperty("entities")[0].GetProperty("clusters").GetArrayLength());
        JsonElement cluster = found.GetProperty("clusters")[0];
        Assert.NotEmpty(cluster.GetProperty("summary").GetString()!);
        Assert.Equal(["sample"], cluster.GetProperty("member_repos").EnumerateArray().Select(repo => repo.GetString()));

        JsonElement folder = found.GetProperty("folders")[0];
        Assert.Equal("", folder.GetProperty("path").GetString());
        Assert.InRange(folder.GetProperty("score").GetDouble(), 0.99, 1);

        JsonElement entity = await CallAsync("fetch_entity_snapshot", ("stable_id", id));
        Assert.Equal(("sample", "Anchor.cs", 5), (entity.GetProperty("repo_name").GetString(), entity.GetProperty("file").GetString(), entity.GetProperty("start_line").GetInt32()));
        Assert.Equal("int AnchorWeight(int person) => person * 1;", entity.GetProperty("source_content").GetString());
    }

    [Fact]
    public async Task A_source_comes_in_pages_that_make_up_the_whole()
    {
        string id = (await CallAsync("hirag_retrieve", ("q", "Glyph"), ("mode", "words"))).GetProperty("top_entities")[0].GetString()!;
        string whole = (await CallAsync("fetch_entity_snapshot", ("stable_id", id))).GetProperty("source_content").GetString()!;
        string read = "";
        for (string? cursor = "0"; cursor is not null;)
        {
            JsonElement page = await CallAsync("fetch_entity_snapshot", ("stable_id", id), ("start", int.Parse(cursor, null)), ("limit", 10));
            Assert.Equal((read.Length, whole.Length), (page.GetProperty("snippet_start").GetInt32(), page.GetProperty("total_len").GetInt32()));
            read += page.GetProperty("snippet").GetString();
            cursor = page.TryGetProperty("next_cursor", out JsonElement next) ? next.GetString() : null;
        }

        Assert.Equal(whole, read);
    }

    [Fact]
    public async Task The_map_is_opened_from_the_top_down_to_the_entities()
    {
        JsonElement at = await CallAsync("open_cluster");
        int layers = 0;
        while (at.TryGetProperty("clusters", out JsonElement clusters))
        {
            Assert.Equal(at.GetProperty("total_members").GetInt32(), clusters.GetArrayLength());
            string id = clusters[0].GetProperty("id").GetString()!;
            at = await CallAsync("open_cluster", ("id", id));
            Assert.Equal(id, at.GetProperty("id").GetString());
            layers++;
        }

        Assert.True(layers >= 1);
        Assert.NotEqual(0, at.GetProperty("entities").GetArrayLength());
        JsonElement first = await CallAsync("open_cluster", ("id", at.GetProperty("id").GetString()!), ("limit", 1));
        Assert.Equal(1, first.GetProperty("entities").GetArrayLength());
        Assert.Equal("1", first.GetProperty("next_cursor").GetString());
    }

    [Fact]
    public async Task Wrong_arguments_are_explained_and_what_is_not_there_is_said_so()
    {
        Assert.False((await CallAsync("fetch_entity_snapshot", ("stable_id", "nothing"))).GetProperty("found").GetBoolean());
        Assert.Contains("hybrid, local", await ErrorAsync("hirag_retrieve", ("q", "x"), ("mode", "sideways")), StringComparison.Ordinal);
        Assert.Contains("1 to 100", await ErrorAsync("hirag_retrieve", ("q", "x"), ("top_k", 0)), StringComparison.Ordinal);
        Assert.Contains("no cluster 'nothing'", await ErrorAsync("open_cluster", ("id", "nothing")), StringComparison.Ordinal);
        Assert.Empty((await CallAsync("hirag_retrieve", ("q", "anchor"), ("repo", "another"))).GetProperty("top_entities").EnumerateArray());
    }

    [Fact]
    public async Task A_new_generation_is_noticed()
    {
        await CallAsync("hirag_retrieve", ("q", "anchor"));
        File.WriteAllText(Path.Combine(_workspace["sample"], "Zeppelin.cs"), "class Zeppelin { void LandZeppelin() { } }");
        Build();
        Assert.Contains("Zeppelin", (await CallAsync("hirag_retrieve", ("q", "zeppelin"))).GetProperty("top_entities")[0].GetString(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        _workspace.Dispose();
    }

    private void Build() => CommandLine.Run("code", "build", _workspace["sample"], "--repo", "sample", "--store", $"sqlite:{_workspace["map.db"]}", "--json").Json();

    private async Task<JsonElement> CallAsync(string tool, params (string Name, object Value)[] arguments)
    {
        CallToolResult result = await _client.CallToolAsync(tool, arguments.ToDictionary(pair => pair.Name, object? (pair) => pair.Value));
        string text = Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
        Assert.False(result.IsError is true, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<string> ErrorAsync(string tool, params (string Name, object Value)[] arguments)
    {
        CallToolResult result = await _client.CallToolAsync(tool, arguments.ToDictionary(pair => pair.Name, object? (pair) => pair.Value));
        Assert.True(result.IsError);
        return Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
    }
}

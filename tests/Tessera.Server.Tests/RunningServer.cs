using System.Net;
using System.Text.Json.Nodes;

namespace Tessera.Server.Tests;

/// <summary>A real server on a free port, with everything loaded, and a client.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TesseraServer? _server;

    public HttpClient Client { get; private set; } = new();

    public Uri Address => _server!.Address;

    public string Folder => _folder.Path;

    public async ValueTask InitializeAsync()
    {
        _server = await TesseraServer.StartAsync(ServedData.Make(_folder));
        await _server.WaitUntilLoadedAsync();
        Assert.Empty(_server.Failures);
        Client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = _server.Address };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The JSON at an address, which must be there.</summary>
    public async Task<JsonNode> Get(string address)
    {
        using HttpResponseMessage response = await Client.GetAsync(new Uri(address, UriKind.Relative));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>What a refusal says; it must be one, as problems are written, and must not show how the server is made.</summary>
    public static async Task<string> Refusal(HttpResponseMessage response, HttpStatusCode expected)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{response.RequestMessage?.RequestUri}: {response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonNode problem = JsonNode.Parse(text)!;
        Assert.Equal((int)expected, problem["status"]!.GetValue<int>());
        string detail = problem["detail"]!.GetValue<string>();
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        return detail;
    }

    public async Task<string> Refused(string address, HttpStatusCode expected = HttpStatusCode.BadRequest)
    {
        using HttpResponseMessage response = await Client.GetAsync(new Uri(address, UriKind.Relative));
        return await Refusal(response, expected);
    }
}

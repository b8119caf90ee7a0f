using System.Net;
using System.Net.Http.Headers;

namespace Tessera.Server.Tests.Hosting;

public sealed class AccessTests
{
    private const string Key = "0123456789abcdef";

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.1")]
    public async Task A_server_for_others_does_not_start_without_a_key(string host)
    {
        var problem = await Assert.ThrowsAsync<ArgumentException>(() => TesseraServer.StartAsync(new ServerOptions { Host = host, Port = 0 }));

        Assert.Contains("API key", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("0123456789 abcdef")]
    [InlineData("0123456789äbcdefg")]
    public async Task A_key_that_is_short_or_cannot_be_sent_is_refused(string key) =>
        await Assert.ThrowsAsync<ArgumentException>(() => TesseraServer.StartAsync(new ServerOptions { ApiKey = key, Port = 0 }));

    [Theory]
    [InlineData("example.com", 0)]
    [InlineData("localhost", -1)]
    [InlineData("localhost", 65536)]
    public async Task A_host_or_port_that_cannot_be_is_refused(string host, int port) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => TesseraServer.StartAsync(new ServerOptions { Host = host, Port = port, ApiKey = Key }));

    [Theory]
    [InlineData("/api/systems")]
    [InlineData("/API/systems")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    public async Task What_is_behind_the_key_needs_it(string address)
    {
        await using TesseraServer server = await TesseraServer.StartAsync(new ServerOptions { ApiKey = Key, Port = 0 });
        using var client = new HttpClient { BaseAddress = server.Address };

        foreach ((string? name, string? value) in ((string?, string?)[])[(null, null), ("X-Api-Key", "0123456789abcdeX"), ("X-Api-Key", ""), ("Authorization", "Bearer " + Key + "0"), ("Authorization", "Basic " + Key)])
        {
            using HttpResponseMessage refused = await Send(client, address, name, value);
            await RunningServer.Refusal(refused, HttpStatusCode.Unauthorized);
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
        }

        foreach ((string name, string value) in ((string, string)[])[("X-Api-Key", Key), ("Authorization", "Bearer " + Key), ("Authorization", "bearer " + Key)])
        {
            using HttpResponseMessage allowed = await Send(client, address, name, value);
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        }
    }

    [Fact]
    public async Task The_page_and_its_health_need_no_key()
    {
        await using TesseraServer server = await TesseraServer.StartAsync(new ServerOptions { ApiKey = Key, Port = 0 });
        using var client = new HttpClient { BaseAddress = server.Address };

        Assert.NotEmpty(await client.GetStringAsync(new Uri("/", UriKind.Relative)));
        Assert.NotEmpty(await client.GetStringAsync(new Uri("/health", UriKind.Relative)));
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:5178")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    public async Task On_loopback_other_names_are_not_answered(string host)
    {
        await using TesseraServer server = await TesseraServer.StartAsync(new ServerOptions { Port = 0 });
        using var client = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health") { Headers = { Host = host } };

        using HttpResponseMessage response = await client.SendAsync(request);

        await RunningServer.Refusal(response, HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task Pages_of_other_sites_are_not_answered_and_get_no_leave_to_read()
    {
        await using TesseraServer server = await TesseraServer.StartAsync(new ServerOptions { Port = 0 });
        using var client = new HttpClient { BaseAddress = server.Address };

        using HttpResponseMessage foreign = await Send(client, "/api/systems", "Origin", "https://evil.example");
        using HttpResponseMessage own = await Send(client, "/api/systems", "Origin", server.Address.ToString());

        await RunningServer.Refusal(foreign, HttpStatusCode.MisdirectedRequest);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.DoesNotContain(own.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/systems")]
    [InlineData("/nowhere")]
    [InlineData("/api/music/styles")]
    public async Task Every_answer_bears_the_headers_that_bind_browsers(string address)
    {
        await using TesseraServer server = await TesseraServer.StartAsync(new ServerOptions { Port = 0 });
        using var client = new HttpClient { BaseAddress = server.Address };

        using HttpResponseMessage response = await client.GetAsync(new Uri(address, UriKind.Relative));

        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_to_wait()
    {
        await using TesseraServer server = await TesseraServer.StartAsync(new ServerOptions { Port = 0, RequestsPerSecond = 1 });
        using var client = new HttpClient { BaseAddress = server.Address };

        HttpResponseMessage? refused = null;
        for (int i = 0; i < 50 && refused is null; i++)
        {
            HttpResponseMessage response = await client.GetAsync(new Uri("/health", UriKind.Relative));
            refused = response.StatusCode == HttpStatusCode.OK ? null : response;
        }

        Assert.NotNull(refused);
        Assert.StartsWith("Too many requests", await RunningServer.Refusal(refused, HttpStatusCode.TooManyRequests), StringComparison.Ordinal);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task Answers_are_compressed_for_those_who_can_read_it()
    {
        await using TesseraServer server = await TesseraServer.StartAsync(new ServerOptions { Port = 0 });
        using var client = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal("br", response.Content.Headers.ContentEncoding.Single());
    }

    private static async Task<HttpResponseMessage> Send(HttpClient client, string address, string? header, string? value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, value);
        return await client.SendAsync(request);
    }
}

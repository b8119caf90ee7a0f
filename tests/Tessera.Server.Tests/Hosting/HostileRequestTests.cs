using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tessera.Server.Tests.Hosting;

[Collection(SharedServer.Name)]
public sealed class HostileRequestTests(RunningServer server)
{
    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/..\\..\\windows\\win.ini")]
    [InlineData("/..%5c..%5cwindows%5cwin.ini")]
    [InlineData("/....//....//etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/index.html%00.js")]
    [InlineData("/wwwroot/index.html")]
    [InlineData("/api/trees/../../etc/passwd")]
    [InlineData("/api/trees/..%2f..%2fetc")]
    [InlineData("/api/trees/lists/nodes/..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/trees/items/nodes/-1")]
    [InlineData("/api/trees/items/nodes/01")]
    [InlineData("/api/trees/items/nodes/99999999999999")]
    [InlineData("/api/trees/sources/nodes/c0.0")]
    [InlineData("/api/trees/sources/nodes/c1.999999")]
    [InlineData("/api/trees/sources/nodes/e-1")]
    [InlineData("/api/trees/lists/nodes/n0")]
    [InlineData("/api/ids/..%2fitems/find")]
    [InlineData("/api/indexes/%2e%2e%2f%2e%2e%2fetc%2fpasswd")]
    [InlineData("/api/code/query?text=a&map=../../etc")]
    public async Task Nothing_outside_can_be_reached(string target)
    {
        string answer = await Raw($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (400|404) ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/trees/lists?depth=0")]
    [InlineData("/api/trees/lists?depth=1000000")]
    [InlineData("/api/trees/lists?limit=-1")]
    [InlineData("/api/trees/lists?limit=99999999999")]
    [InlineData("/api/trees/lists?depth=NaN")]
    [InlineData("/api/trees/lists?depth=1&depth=2")]
    [InlineData("/api/trees/lists/nodes/root?offset=-1")]
    [InlineData("/api/trees/lists/nodes/root?limit=501")]
    [InlineData("/api/trees/lists/search")]
    [InlineData("/api/trees/lists/search?q=")]
    [InlineData("/api/trees/lists/search?q=a&k=0")]
    public async Task Numbers_that_cannot_be_are_refused(string address) => Assert.NotEmpty(await server.Refused(address));

    [Theory]
    [InlineData("DELETE", "/api/systems")]
    [InlineData("PUT", "/api/indexes/lists")]
    [InlineData("POST", "/api/trees")]
    [InlineData("TRACE", "/")]
    [InlineData("GET", "/api/indexes/lists/search")]
    public async Task Nothing_can_be_changed(string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        using HttpResponseMessage response = await server.Client.SendAsync(request);

        Assert.True(response.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound, $"{response.StatusCode}");
    }

    [Fact]
    public async Task A_flood_of_headers_is_refused()
    {
        string many = string.Concat(Enumerable.Range(0, 500).Select(i => $"X-Header-{i}: 1\r\n"));
        string large = $"X-Large: {new string('a', 64 << 10)}\r\n";

        Assert.StartsWith("HTTP/1.1 431", await Raw($"GET /health HTTP/1.1\r\nHost: localhost\r\n{many}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", await Raw($"GET /health HTTP/1.1\r\nHost: localhost\r\n{large}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414", await Raw($"GET /{new string('a', 32 << 10)} HTTP/1.1\r\nHost: localhost\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\n\r\n")]
    [InlineData("GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST /api/indexes/lists/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("POST /api/indexes/lists/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    public async Task What_is_no_HTTP_is_refused(string request) => Assert.Matches("^HTTP/1.1 (400|505) ", await Raw(request));

    [Fact]
    public async Task Callers_who_send_nothing_do_not_keep_others_waiting()
    {
        var idle = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 200; i++)
            {
                var slow = new TcpClient();
                idle.Add(slow);
                await slow.ConnectAsync(IPAddress.Loopback, server.Address.Port);
                await slow.GetStream().WriteAsync("GET /health HTTP/1.1\r\nHost: local"u8.ToArray());
            }

            Assert.Equal("ok", (await server.Get("/health"))["status"]!.GetValue<string>());
            Assert.Equal(8, (await server.Get("/api/trees/lists?depth=1"))["childCount"]!.GetValue<int>());
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Callers_who_leave_early_do_no_harm()
    {
        for (int i = 0; i < 20; i++)
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(5));
            try
            {
                using HttpResponseMessage _ = await server.Client.GetAsync(new Uri($"/api/music/sample?parent=rock&seed={i}&maxLength=2000", UriKind.Relative), stop.Token);
            }
            catch (OperationCanceledException)
            {
                // As intended.
            }
        }

        Assert.Equal("ok", (await server.Get("/health"))["status"]!.GetValue<string>());
    }

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        }
        catch (IOException)
        {
            // The server has seen enough and closed; what it said is still there.
        }

        var answer = new byte[4096];
        int length = 0;
        try
        {
            while (length < answer.Length && !Encoding.Latin1.GetString(answer, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                int read = await stream.ReadAsync(answer.AsMemory(length));
                if (read == 0)
                    break;
                length += read;
            }
        }
        catch (IOException)
        {
            // Reset after the answer.
        }

        return Encoding.Latin1.GetString(answer, 0, length);
    }
}

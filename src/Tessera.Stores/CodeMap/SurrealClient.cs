using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Tessera.Stores.CodeMap;

/// <summary>SurrealQL over HTTP: stateless calls of <c>/rpc</c> with bound variables, every statement's status looked at.</summary>
internal sealed class SurrealClient : IDisposable
{
    /// <summary>What a call may carry: the server takes 4 MiB, and quotes and names come on top.</summary>
    public const int MostBytes = 3 << 20;

    private readonly HttpClient _http;
    private readonly Uri _rpc;

    /// <param name="url">Such as <c>http://root:root@localhost:8000/zoekt/repos</c>; with an empty user what follows the colon is a bearer token.</param>
    /// <param name="timeout">How long one call may take.</param>
    /// <exception cref="FormatException">It is no such address.</exception>
    public SurrealClient(string url, TimeSpan timeout)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new FormatException($"'{url}' is no address of SurrealDB; give http://USER:PASSWORD@HOST:8000/NAMESPACE/DATABASE.");
        string[] path = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.Length > 2)
            throw new FormatException($"'{address.AbsolutePath}' is no namespace and database; give http://HOST:8000/NAMESPACE/DATABASE.");
        Namespace = path.Length > 0 ? Uri.UnescapeDataString(path[0]) : "zoekt";
        Database = path.Length > 1 ? Uri.UnescapeDataString(path[1]) : "repos";
        Name = $"surreal:{address.Scheme}://{address.Authority}/{Namespace}/{Database}";
        _rpc = new Uri($"{address.Scheme}://{address.Authority}/rpc");
        _http = new HttpClient { Timeout = timeout };
        HttpRequestHeaders headers = _http.DefaultRequestHeaders;
        headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        // Version 1 reads the short names, later ones the long.
        foreach ((string name, string value) in new[] { ("NS", Namespace), ("DB", Database), ("Surreal-NS", Namespace), ("Surreal-DB", Database) })
            headers.TryAddWithoutValidation(name, value);
        string user = Uri.UnescapeDataString(address.UserInfo);
        if (user.StartsWith(':'))
            headers.Authorization = new AuthenticationHeaderValue("Bearer", user[1..]);
        else if (user.Length > 0)
            headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
    }

    /// <summary>What it talks to, without password.</summary>
    public string Name { get; }

    public string Namespace { get; }

    public string Database { get; }

    /// <summary>Runs statements.</summary>
    /// <param name="sql">The statements.</param>
    /// <param name="variables">What they are given.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The result of each.</returns>
    /// <exception cref="SurrealException">One of them failed.</exception>
    /// <exception cref="IOException">The server does not answer, or answers with something else.</exception>
    public async Task<JsonNode?[]> QueryAsync(string sql, JsonObject variables, CancellationToken cancellationToken)
    {
        var call = new JsonObject { ["id"] = 1, ["method"] = "query", ["params"] = new JsonArray(sql, variables) };
        JsonNode? answer;
        try
        {
            using var content = new StringContent(call.ToJsonString(), Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await _http.PostAsync(_rpc, content, cancellationToken).ConfigureAwait(false);
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw new IOException($"{Name} answers {(int)response.StatusCode} {response.ReasonPhrase}; check address, user, namespace and database.");
            answer = await JsonNode.ParseAsync(body, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException problem)
        {
            throw new IOException($"{Name} does not answer: {problem.Message}", problem);
        }
        catch (TaskCanceledException problem) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{Name} does not answer within {_http.Timeout.TotalSeconds:0} s.", problem);
        }
        catch (System.Text.Json.JsonException problem)
        {
            throw new IOException($"{Name} answers with something that is no JSON: {problem.Message}", problem);
        }

        if (answer?["error"] is { } error)
            throw new SurrealException($"{Name}: {error["message"] ?? error}");
        if (answer?["result"] is not JsonArray statements)
            throw new IOException($"{Name} answers without results; is it SurrealDB?");
        // Of a transaction that fails each statement says so, and one of them why.
        string[] failures = [.. statements.Where(statement => (string?)statement?["status"] != "OK").Select(statement => statement?["result"]?.ToString() ?? "failed")];
        if (failures.Length > 0)
            throw new SurrealException($"{Name}: {failures.FirstOrDefault(failure => !failure.Contains("not executed", StringComparison.Ordinal)) ?? failures[0]}");
        return [.. statements.Select(statement => statement!["result"])];
    }

    public void Dispose() => _http.Dispose();
}

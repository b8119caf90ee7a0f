using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tessera.CodeMap.Models;

namespace Tessera.CodeMap.Tests.Models;

/// <summary>A server on this machine that speaks OpenAI's interface: embeds a text by its letters, and summarises everything alike. A test may put answers of its own before that.</summary>
internal sealed class FakeEndpoint : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<FakeAnswer> _planned = new();
    private readonly ConcurrentQueue<FakeCall> _calls = new();

    public FakeEndpoint(int dimension = 32)
    {
        Dimension = dimension;
        Url = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Url { get; }

    public int Dimension { get; }

    /// <summary>Answers every call that nothing was planned for, where it is set.</summary>
    public Func<FakeCall, FakeAnswer?>? Always { get; set; }

    public IReadOnlyList<FakeCall> Calls => [.. _calls];

    /// <summary>Answers for the next calls.</summary>
    public void Plan(params FakeAnswer[] answers)
    {
        foreach (FakeAnswer answer in answers)
            _planned.Enqueue(answer);
    }

    public ModelEndpoint Endpoint(string model = "fake") => new()
    {
        Url = new Uri(Url),
        Model = model,
        Key = "secret-of-the-test",
        TimeLimit = TimeSpan.FromSeconds(20),
        BackOff = TimeSpan.FromMilliseconds(5),
        LongestBackOff = TimeSpan.FromSeconds(2),
        Attempts = 4,
    };

    public void Dispose() => _listener.Close();

    /// <summary>A chat's answer with a text of the test's own.</summary>
    public static FakeAnswer Says(string text) => new(200, new JsonObject
    {
        ["id"] = "1",
        ["model"] = "fake",
        ["choices"] = new JsonArray(new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text } }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 100, ["completion_tokens"] = 10, ["total_tokens"] = 110 },
    }.ToJsonString());

    /// <summary>An embedding call's answer with vectors of the test's own.</summary>
    public static FakeAnswer Gives(params string[] vectors) =>
        new(200, $$"""{"data":[{{string.Join(',', vectors.Select((vector, index) => $$"""{"index":{{index}},"embedding":{{vector}}}"""))}}]}""");

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream);
            var call = new FakeCall(context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync(), context.Request.Headers["Authorization"]);
            _calls.Enqueue(call);
            FakeAnswer answer = _planned.TryDequeue(out FakeAnswer? planned) ? planned : Always?.Invoke(call) ?? Usual(call);
            await Task.Delay(answer.Delay);
            if (answer.RetryAfter is not null)
                context.Response.Headers["Retry-After"] = answer.RetryAfter;
            context.Response.StatusCode = answer.Status;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException)
        {
        }
    }

    private FakeAnswer Usual(FakeCall call)
    {
        if (!call.Path.EndsWith("/embeddings", StringComparison.Ordinal))
            return Says("""{"label":"What the fake says","summary":"A cluster. It was described by a fake."}""");
        using JsonDocument body = JsonDocument.Parse(call.Body);
        return Gives([.. body.RootElement.GetProperty("input").EnumerateArray().Select(text => VectorOf(text.GetString()!))]);
    }

    private string VectorOf(string text)
    {
        var vector = new double[Dimension];
        foreach (string word in text.Split([' ', '\n', '.', '(', ')', '/', '{', '}', ';'], StringSplitOptions.RemoveEmptyEntries))
            vector[word.Aggregate(0, (hash, letter) => (hash * 31 + letter) & 0xFFFFFF) % Dimension] += 1;
        return $"[{string.Join(',', vector.Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

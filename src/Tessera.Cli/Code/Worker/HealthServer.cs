using System.Net;
using System.Text;
using Tessera.Cli.Hosting;
using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Code.Worker;

/// <summary>Answers <c>/health</c> and <c>/metrics</c>: two fixed pages, for which the framework's listener is enough.</summary>
internal sealed class HealthServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly WorkerMetrics _metrics;

    /// <param name="address"><c>PORT</c> (this machine alone) or <c>HOST:PORT</c>, where <c>*</c> is every address.</param>
    /// <param name="metrics">What is told.</param>
    public HealthServer(string address, WorkerMetrics metrics)
    {
        _metrics = metrics;
        string place = address.Contains(':', StringComparison.Ordinal) ? address : $"127.0.0.1:{address}";
        try
        {
            _listener.Prefixes.Add($"http://{place}/");
            _listener.Start();
        }
        catch (Exception problem) when (problem is HttpListenerException or ArgumentException)
        {
            throw new FailureException($"--health-port {address}: {problem.Message}; give a free port, or HOST:PORT.", problem);
        }

        _ = Task.Run(ServeAsync);
    }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync().ConfigureAwait(false);
                await AnswerAsync(context).ConfigureAwait(false);
            }
            catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException)
            {
                // The asker has gone, or the worker ends.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        string? page = context.Request.Url?.AbsolutePath switch
        {
            "/health" => "OK\n",
            "/metrics" => _metrics.ToPrometheus(),
            _ => null,
        };
        context.Response.StatusCode = page is null ? 404 : 200;
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(page ?? "There are /health and /metrics.\n")).ConfigureAwait(false);
        context.Response.Close();
    }
}

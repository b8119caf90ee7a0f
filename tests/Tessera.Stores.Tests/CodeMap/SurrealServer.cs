using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace Tessera.Stores.Tests.CodeMap;

/// <summary>SurrealDB's engine in Node, behind its HTTP interface; absent where Node or the packages are not installed. Framing, limits and passwords are imitated, the engine is real.</summary>
public sealed class SurrealServer : IDisposable
{
    /// <summary>The folder whose <c>node_modules</c> holds the packages.</summary>
    private const string ModulesVariable = "TESSERA_SURREAL_MODULES";

    private readonly Process? _process;
    private readonly string? _folder;
    private readonly int _port;

    public SurrealServer()
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home ? home : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string modules = Path.Combine(Environment.GetEnvironmentVariable(ModulesVariable) ?? Path.Combine(cache, "tessera-tests", "surrealdb"), "node_modules");
        string? node = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "node")).FirstOrDefault(File.Exists);
        if (node is null || !Directory.Exists(Path.Combine(modules, "@surrealdb", "node")))
            return;
        _port = FreePort();
        _folder = Directory.CreateTempSubdirectory("tessera-surreal-").FullName;
        // Modules are looked for beside the script.
        Directory.CreateSymbolicLink(Path.Combine(_folder, "node_modules"), modules);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "CodeMap", "Surreal", "server.mjs"), Path.Combine(_folder, "server.mjs"));
        _process = Process.Start(new ProcessStartInfo(node, [Path.Combine(_folder, "server.mjs"), $"{_port}"]))!;
        WaitUntilReady();
    }

    /// <summary>An address with a database of its own, or the test is skipped.</summary>
    public string Require(string user = "root:root")
    {
        Assert.SkipWhen(
            _process is null,
            $"SurrealDB's engine is not installed; with Node 20: npm install --prefix ~/.cache/tessera-tests/surrealdb @surrealdb/node@3.0.3 surrealdb@2.0.8 (or name the folder in {ModulesVariable}).");
        return $"http://{user}@127.0.0.1:{_port}/zoekt/d{Guid.NewGuid():N}";
    }

    public void Stop()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        Stop();
        _process.Dispose();
        Directory.Delete(_folder!, recursive: true);
    }

    private void WaitUntilReady()
    {
        using var client = new HttpClient();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using HttpResponseMessage answer = client.Send(new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_port}/health"), TestContext.Current.CancellationToken);
                return;
            }
            catch (HttpRequestException) when (attempt < 400 && !_process!.HasExited)
            {
                Thread.Sleep(50);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

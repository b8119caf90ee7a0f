using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tessera.Stores.Tests;

/// <summary>A Redis server of the tests' own, on a free port and with nothing kept; absent where redis-server is not installed.</summary>
public sealed class RedisServer : IDisposable
{
    private readonly Process? _process;

    public RedisServer()
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
        if (program is null)
            return;
        int port = FreePort();
        Address = $"127.0.0.1:{port}";
        _process = Process.Start(new ProcessStartInfo(
            program, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"])
        { RedirectStandardOutput = true })!;
        WaitUntilReady(port);
    }

    public string? Address { get; }

    /// <summary>The address, or the test is skipped.</summary>
    public string Require()
    {
        Assert.SkipWhen(Address is null, "redis-server is not installed; on Debian: apt-get install redis-server.");
        return Address!;
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void WaitUntilReady(int port)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (attempt < 200)
            {
                Thread.Sleep(25);
            }
        }
    }
}

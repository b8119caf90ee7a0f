using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tessera.Cli.Tests.Code.Worker;

/// <summary>A Redis server of one test, which logs every write to the disk and can be killed and started again at the same address.</summary>
internal sealed class DurableRedis : IDisposable
{
    private readonly string _program;
    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-redis-").FullName;
    private readonly int _port = FreePort();
    private Process _process;

    public DurableRedis()
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "redis-server is not installed; on Debian: apt-get install redis-server.");
        _program = program!;
        _process = Start();
    }

    public string Address => $"127.0.0.1:{_port}";

    /// <summary>As when the machine dies and comes back.</summary>
    public void KillAndStart()
    {
        Stop();
        _process = Start();
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private void Stop()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private Process Start()
    {
        Process process = Process.Start(new ProcessStartInfo(
            _program,
            ["--port", $"{_port}", "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no"])
        { RedirectStandardOutput = true })!;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", _port);
                return process;
            }
            catch (SocketException) when (attempt < 200)
            {
                Thread.Sleep(25);
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

using System.Diagnostics;
using Tessera.Server;

namespace Tessera.Benchmarks.Serve;

/// <summary>A server in a process of its own, so that its start and its memory are measured without the caller's.</summary>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>The word by which the child knows what it is.</summary>
    public const string Verb = "serve-child";

    private readonly Process _process;

    private ServerProcess(Process process, Uri address, long started)
    {
        _process = process;
        Address = address;
        Started = started;
    }

    public Uri Address { get; }

    /// <summary>When the process was started, by <see cref="Stopwatch"/>.</summary>
    public long Started { get; }

    /// <summary>Bytes in memory now.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static ServerProcess Start(ServedFiles files, string? code)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (string argument in (string[])[Verb, files.Colors ?? "", files.Lists, files.Tree, files.Ids, code ?? ""])
            info.ArgumentList.Add(argument);
        // As the command is set up.
        info.Environment["DOTNET_gcConcurrent"] = "0";
        info.Environment["DOTNET_TC_QuickJitForLoops"] = "0";
        info.Environment["DOTNET_TieredPGO"] = "0";
        long started = Stopwatch.GetTimestamp();
        Process process = Process.Start(info)!;
        string address = process.StandardOutput.ReadLine() ?? throw new IOException("The server did not start.");
        return new ServerProcess(process, new Uri(address), started);
    }

    /// <summary>What the child does: serves until its input ends.</summary>
    public static async Task Serve(string[] arguments)
    {
        await using TesseraServer server = await TesseraServer.StartAsync(new ServerOptions
        {
            Port = 0,
            Colors = arguments[1].Length == 0 ? null : arguments[1],
            Indexes = [arguments[2], arguments[3]],
            Ids = [arguments[4]],
            Code = arguments[5].Length == 0 ? [] : [arguments[5]],
            StarterPacks = true,
        });
        Console.WriteLine(server.Address);
        await Console.In.ReadToEndAsync();
        foreach (string failure in server.Failures)
            await Console.Error.WriteLineAsync(failure);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }
}

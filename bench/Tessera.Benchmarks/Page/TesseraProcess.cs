using System.Diagnostics;
using System.Text.Json;

namespace Tessera.Benchmarks.Page;

/// <summary><c>tessera serve</c> in a process of its own, as people start it: nothing is compiled or read yet.</summary>
internal sealed class TesseraProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly long _start;

    private TesseraProcess(Process process, long start, string address)
    {
        _process = process;
        _start = start;
        Address = address;
    }

    public string Address { get; }

    /// <summary>Since the process was started.</summary>
    public double Milliseconds => Stopwatch.GetElapsedTime(_start).TotalMilliseconds;

    public static async Task<TesseraProcess> StartAsync(string index)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", CommandLine(), "serve", "--colors", index, "--port", "0", "--json"]) { RedirectStandardOutput = true };
        long at = Stopwatch.GetTimestamp();
        Process process = Process.Start(start)!;
        string line = await process.StandardOutput.ReadLineAsync() ?? throw new IOException("tessera serve ended before it listened.");
        using JsonDocument said = JsonDocument.Parse(line);
        return new TesseraProcess(process, at, said.RootElement.GetProperty("address").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string CommandLine()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (!File.Exists(Path.Combine(folder, "Tessera.slnx")))
                continue;
            string built = Path.Combine(folder, "src", "Tessera.Cli", "bin", "Release", "net10.0", "Tessera.Cli.dll");
            return File.Exists(built) ? built : throw new FileNotFoundException($"{built} is not there; build src/Tessera.Cli in Release first.");
        }

        throw new FileNotFoundException("The benchmark must be run from the repository, whose tessera it starts.");
    }
}

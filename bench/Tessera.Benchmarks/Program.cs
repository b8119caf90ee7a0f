using System.CommandLine;
using BenchmarkDotNet.Running;
using Tessera.Benchmarks.Colors;
using Tessera.Benchmarks.Compare;
using Tessera.Benchmarks.Data;
using Tessera.Benchmarks.Filters;
using Tessera.Benchmarks.Large;
using Tessera.Benchmarks.Micro;
using Tessera.Benchmarks.Music;
using Tessera.Benchmarks.Page;
using Tessera.Benchmarks.Serve;
using Tessera.Storage;

namespace Tessera.Benchmarks;

internal static class Program
{
    public static int Main(string[] args)
    {
        if (args is [ServerProcess.Verb, ..])
        {
            ServerProcess.Serve(args).GetAwaiter().GetResult();
            return 0;
        }

        if (args is ["compare" or "prepare" or "filters" or "large" or "music" or "colors" or "serve" or "page", ..])
            return new RootCommand("Tessera's benchmarks.") { CompareCommand.Create(), PrepareCommand.Create(), FiltersCommand.Create(), LargeCommand.Create(), MusicBench.Create(), ColorsBench.Create(), ServeBench.Create(), PageBench.Create() }.Parse(args).Invoke();
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, MicroConfig.Create());
        return 0;
    }

    /// <summary>Runs a command; what a user can mend becomes one line.</summary>
    internal static int Guard(Action action)
    {
        try
        {
            action();
            return 0;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or TesseraFormatException or ArgumentException)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }
}

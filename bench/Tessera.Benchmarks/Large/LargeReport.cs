using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tessera.Benchmarks.Compare;

namespace Tessera.Benchmarks.Large;

/// <summary>The figures of one run as Markdown.</summary>
internal sealed class LargeReport(LargeOptions options)
{
    private readonly StringBuilder _steps = new();
    private readonly StringBuilder _searches = new();

    public long AnonymousAfterAdding { get; set; }

    public long AnonymousWhileSearching { get; set; }

    public long FileBytes { get; set; }

    public string Text => string.Create(CultureInfo.InvariantCulture, $"""
        # {Machine.Processor}: larger than memory

        Made by `dotnet run -c Release --project bench/Tessera.Benchmarks -- large --vectors {options.Vectors} --dimension {options.Dimension} --spec "{options.Specification}" --queries {options.Queries}`; [README](../README.md) says what is measured and how.

        - Machine: {Machine.Description}; {string.Join(' ', ProcessMemory.Load)} processes ready to run on average over the last 1, 5 and 15 minutes, this one with its threads included
        - {options.Vectors:N0} vectors of {options.Dimension} numbers ({(long)options.Vectors * options.Dimension * sizeof(float) / 1e9:0.00} GB), made from a seed block by block; `{options.Specification}`; a file of {FileBytes / 1e9:0.00} GB
        - Memory of the process's own (without pages of files, which the system can take back): {Mebibytes(AnonymousAfterAdding)} after adding, {Mebibytes(AnonymousWhileSearching)} while searching the opened file

        ## Building, on all threads

        | Step | Time | Peak resident memory so far |
        |---|---|---|
        {_steps.ToString().TrimEnd()}

        Time without making the vectors. The peak is `VmHWM`: all resident pages, those of files included.

        ## Searching, one query at a time on one thread

        {options.Queries} queries, 10 neighbours each. Cold: the file was dropped from the page cache (`posix_fadvise`) and opened anew without verifying; what then came from the disk is in brackets (a virtual machine's host may have kept it in its own memory). Warm: the same queries once more.

        | Probes | Rerank | Recall@10 | Opening, cold | Cold, mean | Cold, median | Warm, mean | Warm, median |
        |---:|---:|---:|---|---|---|---|---|
        {_searches.ToString().TrimEnd()}

        """);

    public void Built(string step, Stopwatch time, long peak) =>
        _steps.Append(CultureInfo.InvariantCulture, $"| {step} | {time.Elapsed.TotalSeconds:0.0} s | {Mebibytes(peak)} |\n");

    public void Searched(int probes, int rerank, double recall, double opening, long readToOpen, double[] cold, long readToSearch, double[] warm) =>
        _searches.Append(
            CultureInfo.InvariantCulture,
            $"| {probes} | {rerank} | {recall:0.000} | {opening:0.00} s ({readToOpen / 1e6:0} MB) | {cold.Average():0.00} ms ({readToSearch / 1e6:0} MB) | {Median(cold):0.00} ms | {warm.Average():0.00} ms | {Median(warm):0.00} ms |\n");

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:N0} MiB");

    private static double Median(double[] times)
    {
        double[] sorted = [.. times.Order()];
        return sorted[sorted.Length / 2];
    }
}

using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Indexes;
using Tessera.Search;
using Tessera.Storage;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index info</c>.</summary>
internal sealed class InfoCommand : CliCommand
{
    private readonly Argument<string> _index = IndexOptions.Index();
    private readonly Option<bool> _noVerify = IndexOptions.NoVerify();

    public InfoCommand()
        : base("info", "Say what an index file holds and what it takes.", "tessera index info base.tsr")
    {
        Add(_index);
        Add(_noVerify);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string path = context.Get(_index);
        using var index = InputFiles.OpenIndex(path, verify: !context.Find(_noVerify));
        var memory = index.Memory;
        var result = new InfoResult(
            KindOf(path),
            index.Specification,
            index.Dimension,
            MetricNames.NameOf(index.Metric),
            index.Count,
            index.RemovedCount > 0 ? index.RemovedCount : null,
            index.Tags.Count > 0 ? index.Tags : null,
            index.IsTrained,
            index.Knob == SearchKnob.Probes ? index.Lists : null,
            index switch { IvfPqIndex { Options: { Lists: > 0 } shape } => shape.Probes, IvfFlatIndex lists => lists.Options.Probes, ScalarIndex { Options: { Lists: > 0 } shape } => shape.Probes, _ => null },
            (index as HnswIndex)?.Options.EfSearch,
            index.Knob == SearchKnob.Beam ? index.Lists : null,
            (index as TreeIndex)?.Options.Beam,
            new FileInfo(path).Length,
            new MemoryResult(
                memory.CodeBytesPerVector,
                memory.RawBytesPerVector,
                Figures.Significant(memory.CompressionRatio, 6),
                memory.EstimatedCodeBytes,
                memory.MeasuredBytes,
                Figures.Significant(memory.MeasuredBytesPerVector, 6)));
        context.Present(result, CliJson.Default.InfoResult, Render);
    }

    /// <summary>What an index file calls itself, such as <c>ivf-pq</c>.</summary>
    private static string KindOf(string path)
    {
        using var file = TsrReader.Open(path, verify: false);
        return file.Kind["tessera/".Length..];
    }

    private static void Render(IAnsiConsole console, InfoResult result)
    {
        var table = FigureTable.Pairs();
        table.AddRow("specification", result.Spec);
        table.AddRow("vectors", $"{Figures.Count(result.Vectors)} of dimension {result.Dimension}");
        if (result.Removed is { } removed)
            table.AddRow("removed", $"{Figures.Count(removed)}, whose space 'tessera index compact' would reclaim");
        if (result.Tags is { } tags)
            table.AddRow("tags", Markup.Escape(string.Join(", ", tags)));
        table.AddRow("metric", result.Metric);
        table.AddRow("trained", result.Trained ? "yes" : "no");
        if (result.Lists is { } lists)
            table.AddRow("lists", Figures.Count(lists) + (result.Probes is { } probes ? $", of which a search visits {probes} unless told otherwise" : ""));
        if (result.Ef is { } ef)
            table.AddRow("beam", $"{Figures.Count(ef)} unless a search is told otherwise");
        if (result.Leaves is { } leaves)
            table.AddRow("leaves", $"{Figures.Count(leaves)}, of which a search visits {result.Beam} unless told otherwise");
        table.AddRow("file", Figures.Bytes(result.FileBytes));
        table.AddRow("a vector as float32", Figures.Bytes(result.Memory.RawBytesPerVector));
        string smaller = result.Memory.CompressionRatio > 1 ? $" ({result.Memory.CompressionRatio:0.##} times smaller)" : "";
        table.AddRow("its code, by formula", Figures.Bytes(result.Memory.CodeBytesPerVector) + smaller);
        table.AddRow("all codes, by formula", Figures.Bytes(result.Memory.EstimatedCodeBytes));
        table.AddRow("memory, measured", $"{Figures.Bytes(result.Memory.MeasuredBytes)} ({Figures.Bytes(result.Memory.MeasuredBytesPerVector)} a vector)");
        console.Write(table);
    }
}

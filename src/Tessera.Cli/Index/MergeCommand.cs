using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Indexes;
using Tessera.Quantization;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index merge</c>: indexes of the same training become one.</summary>
internal sealed class MergeCommand : CliCommand
{
    private readonly Argument<string[]> _indexes = new("INDEXES")
    {
        Description = "Two or more index files of the same specification, metric and training.",
        Arity = new ArgumentArity(2, 1000),
    };

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "The index file to write (.tsr).",
        HelpName = "INDEX",
        Required = true,
    };

    private readonly Option<bool> _shift = new("--shift-ids")
    {
        Description = "Let the ids of each index go on behind those before it, as if its vectors' file had come next. Without it ids stay, and none may occur twice.",
    };

    public MergeCommand()
        : base(
            "merge",
            "Put indexes of the same training together.",
            "tessera index merge a.tsr b.tsr --out both.tsr --shift-ids")
    {
        Add(_indexes);
        Add(_out);
        Add(_shift);
        Add(CommonOptions.Seed);
        Add(CommonOptions.Threads);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string output = context.Get(_out);
        OutputFile.Check(output, "--out");
        string[] paths = context.Get(_indexes);
        var options = new BuildOptions { Seed = context.Seed, Threads = context.Threads, SpillFolder = OutputFile.Folder(output) };
        using var index = InputFiles.OpenIndex(paths[0]);
        Stopwatch merging = new();
        context.Progress.Run(progress =>
        {
            foreach (string path in paths[1..])
            {
                using var other = InputFiles.OpenIndex(path);
                merging.Start();
                Merge(index, other, path, context.Find(_shift), options, progress, cancellationToken);
                merging.Stop();
            }

            return true;
        });
        cancellationToken.ThrowIfCancellationRequested();
        index.Save(output);

        var result = new MergeResult(index.Count, index.Dimension, index.Specification, Figures.Significant(merging.Elapsed.TotalSeconds, 4), new FileInfo(output).Length);
        context.Present(result, CliJson.Default.MergeResult, (console, merged) => Render(console, merged, output, paths.Length));
    }

    private static void Merge(VectorIndex index, VectorIndex other, string path, bool shift, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            index.Merge(other, shift, options, progress, cancellationToken);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // The engine names its own members, which users of the command do not have.
            string text = FailureText.Of(exception)
                .Replace("(shiftIds)", "(--shift-ids)", StringComparison.Ordinal)
                .Replace("Fill both from CreateEmpty of one trained index.", "Build one like the other (index build --like).", StringComparison.Ordinal);
            throw new FailureException($"{path}: {text}", exception);
        }
    }

    private static void Render(IAnsiConsole console, MergeResult result, string output, int count)
    {
        var table = FigureTable.Pairs();
        table.AddRow("index", Markup.Escape($"{output} ({result.Spec})"));
        table.AddRow("vectors", $"{Figures.Count(result.Vectors)} of dimension {result.Dimension}, from {count} indexes");
        table.AddRow("merging", Figures.Seconds(result.Seconds));
        table.AddRow("file", Figures.Bytes(result.FileBytes));
        console.Write(table);
    }
}

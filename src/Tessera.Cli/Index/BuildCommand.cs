using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index build</c>: trains on a sample, then adds the file block by block.</summary>
internal sealed class BuildCommand : CliCommand
{
    private readonly Argument<string> _vectors = new("VECTORS") { Description = "A file of vectors." };

    private readonly Option<string> _spec = new("--spec")
    {
        Description = "The kind of index: Flat (exact), IVF256,PQ56 (256 lists, 56 codes of 8 bits), IVF256,PQ56x6 (of 6 bits), IVF256,PQ56,Refine (exact rerank; Refine(fp16) in half the memory, Refine(mapped) from the file), SQ8 (a byte a number), RQ4x8 (residual codes), OPQ16,IVF256,PQ16 (behind a rotation), HNSW16 (a graph with 16 neighbours a node), Tree2x32 (2 levels of clusters, each divided into 32).",
        HelpName = "SPEC",
    };

    private readonly Option<IvfPqOptions?> _preset = new("--preset")
    {
        Description = "Instead of --spec: memory (IVF100,PQ8), accuracy (IVF200,PQ16, 20 probes) or speed (IVF50,PQ4x6, 5 probes).",
        HelpName = "FOR",
        CustomParser = result =>
        {
            string name = result.Tokens.Single().Value;
            switch (name.ToUpperInvariant())
            {
                case "MEMORY":
                    return IvfPqOptions.MemoryConstrained;
                case "ACCURACY":
                    return IvfPqOptions.AccuracyFocused;
                case "SPEED":
                    return IvfPqOptions.SpeedFocused;
                default:
                    result.AddError($"--preset is '{name}'; give one of: memory, accuracy, speed.");
                    return null;
            }
        },
    };

    private readonly Option<string?> _like = new("--like")
    {
        Description = "Instead of --spec: an index file whose specification, metric and training are taken over, so that both can be merged.",
        HelpName = "INDEX",
    };

    private readonly Option<string?> _spill = new("--spill")
    {
        Description = "For ,Refine(mapped): the folder that holds the vectors until the index is written; by default that of --out.",
        HelpName = "FOLDER",
    };

    private readonly Option<Metric> _metric = IndexOptions.Metric();

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "The index file to write (.tsr).",
        HelpName = "INDEX",
        Required = true,
    };

    private readonly Option<int?> _train = new Option<int?>("--train")
    {
        Description = "Vectors to train on, drawn at random; by default as many as the index makes use of.",
    }.AtLeast(1);

    public BuildCommand()
        : base(
            "build",
            "Make an index from a file of vectors.",
            "tessera index build base.npy --spec IVF256,PQ56 --out base.tsr",
            "tessera index build base.fvecs --spec Flat --metric cosine --out exact.tsr")
    {
        Add(_vectors);
        Add(_spec);
        Add(_preset);
        Add(_like);
        Add(_metric);
        Add(_out);
        Add(_train);
        Add(_spill);
        Add(CommonOptions.Seed);
        Add(CommonOptions.Threads);
        Validators.Add(result =>
        {
            if (((Option[])[_spec, _preset, _like]).Count(option => result.GetResult(option) is not null) != 1)
                result.AddError("Give either --spec SPEC, such as IVF256,PQ56, or --preset memory, accuracy or speed, or --like INDEX.");
            if (result.GetResult(_like) is not null && result.GetResult(_metric) is not null)
                result.AddError("--like takes over the metric of its index; leave --metric out.");
        });
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string output = context.Get(_out);
        OutputFile.Check(output, "--out");
        using var vectors = VectorFile.Open(context.Get(_vectors));
        using var index = CreateIndex(context, vectors);
        var options = new BuildOptions { Seed = context.Seed, Threads = context.Threads, SpillFolder = context.Find(_spill) ?? OutputFile.Folder(output) };

        // The work itself, without reading the file.
        Stopwatch training = new(), adding = new();
        var warnings = context.Progress.Run(progress =>
        {
            var warnings = Train(index, vectors, context.Find(_train), options, training, progress, cancellationToken);
            Fill(index, vectors, options, adding, progress, cancellationToken);
            return warnings;
        });
        foreach (string warning in warnings)
            context.Warn(warning);
        cancellationToken.ThrowIfCancellationRequested();
        index.Save(output);

        using var process = Process.GetCurrentProcess();
        long fileBytes = new FileInfo(output).Length;
        var result = new BuildResult(
            index.Count,
            index.Dimension,
            index.Specification,
            Figures.Significant(training.Elapsed.TotalSeconds, 4),
            Figures.Significant(adding.Elapsed.TotalSeconds, 4),
            fileBytes,
            Figures.Significant((double)fileBytes / index.Count, 6),
            process.PeakWorkingSet64);
        context.Present(result, CliJson.Default.BuildResult, (console, built) => Render(console, built, output));
    }

    private VectorIndex CreateIndex(CommandContext context, VectorReader vectors)
    {
        if (context.Find(_like) is { } like)
        {
            using var model = InputFiles.OpenIndex(like);
            InputFiles.CheckDimension(vectors, model);
            return model.CreateEmpty();
        }

        try
        {
            var metric = context.Find(_metric);
            return context.Find(_preset) is { } preset
                ? new IvfPqIndex(vectors.Dimension, preset, metric)
                : IndexFactory.Create(context.Get(_spec), vectors.Dimension, metric);
        }
        catch (ArgumentException exception)
        {
            string option = context.Find(_preset) is null ? "--spec" : "--preset";
            throw new UsageException($"{option}: {FailureText.Of(exception)}", exception);
        }
    }

    /// <summary>Trains an index that needs it, and returns what its user should know.</summary>
    private static IReadOnlyList<string> Train(
        VectorIndex index, VectorReader vectors, int? wanted, BuildOptions options, Stopwatch watch, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (index.IsTrained)
            return wanted is null ? [] : [$"{index.Specification} needs no training, or has one already; --train has no effect."];
        int enough = (int)Math.Min(wanted ?? index.TrainingVectors(options), vectors.Rows);
        progress?.Report(new TrainingProgress("drawing a sample", 0, enough));
        var sample = VectorFile.Sample(vectors.Path, enough, options.Seed, cancellationToken);
        progress?.Report(new TrainingProgress("drawing a sample", enough, enough));
        watch.Start();
        var report = index.Train(sample, options, progress, cancellationToken);
        watch.Stop();
        return report.Warnings;
    }

    private static void Fill(
        VectorIndex index, VectorReader vectors, BuildOptions options, Stopwatch watch, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var block in vectors.Blocks(cancellationToken))
        {
            var ofFile = progress is null ? null : new BlockProgress(progress, index.Count, vectors.Rows);
            watch.Start();
            index.Add(block, options: options, progress: ofFile, cancellationToken: cancellationToken);
            watch.Stop();
        }
    }

    private static void Render(IAnsiConsole console, BuildResult result, string output)
    {
        var table = FigureTable.Pairs();
        table.AddRow("index", Markup.Escape($"{output} ({result.Spec})"));
        table.AddRow("vectors", $"{Figures.Count(result.Vectors)} of dimension {result.Dimension}");
        table.AddRow("training", result.TrainSeconds == 0 ? "none needed" : Figures.Seconds(result.TrainSeconds));
        table.AddRow("adding", $"{Figures.Seconds(result.AddSeconds)} ({Figures.Rate(result.Vectors / result.AddSeconds)} vectors/s)");
        table.AddRow("file", $"{Figures.Bytes(result.FileBytes)} ({Figures.Bytes(result.BytesPerVector)} a vector)");
        table.AddRow("peak memory", Figures.Bytes(result.PeakMemoryBytes));
        console.Write(table);
        console.MarkupLineInterpolated($"Next: [bold]tessera index search {output} --queries QUERIES -k 10[/]");
    }

    /// <summary>Places the progress within a block in that of the file.</summary>
    private sealed class BlockProgress(IProgress<TrainingProgress> file, long before, long total) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => file.Report(value with { Done = before + value.Done, Total = total });
    }
}

using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index tune</c>: the cheapest setting of an index that reaches a recall, or the best specification for a file of vectors.</summary>
internal sealed class TuneCommand : CliCommand
{
    private readonly Argument<string> _index = new("INDEX|VECTORS") { Description = "The index file (.tsr), or a file of vectors to choose a specification for." };
    private readonly EvaluationInputs _inputs;

    private readonly Option<double> _recall = new("--recall")
    {
        Description = "The recall to reach, above 0 and at most 1.",
        HelpName = "SHARE",
        Required = true,
        CustomParser = result => Number.Parse<double>(result, share => share is > 0 and <= 1, "a share above 0 and at most 1, such as 0.9") ?? default,
    };

    private readonly Option<double?> _memory = new("--memory")
    {
        Description = "For a file of vectors: most bytes of an index for each vector, everything included; by default no limit.",
        HelpName = "BYTES",
        CustomParser = result => Number.Parse<double>(result, bytes => bytes > 0, "a number of bytes above 0, such as 64"),
    };

    private readonly Option<int> _sample = new Option<int>("--sample")
    {
        Description = "For a file of vectors: vectors to choose by, drawn at random where the file has more.",
        DefaultValueFactory = _ => 500_000,
    }.AtLeast(1);

    private readonly Option<Metric> _metric = IndexOptions.Metric();

    private readonly Option<string> _plot = new("--plot")
    {
        Description = "For a file of vectors: draw speed against memory into an SVG file.",
        HelpName = "FILE.svg",
    };

    public TuneCommand()
        : base(
            "tune",
            "Find the cheapest setting of an index, or the best specification for vectors, that reaches a recall.",
            "tessera index tune base.tsr --queries queries.npy --base base.npy --recall 0.9",
            "tessera index tune base.npy --queries queries.npy --recall 0.95 --memory 128 --plot choice.svg")
    {
        _inputs = new EvaluationInputs(_index);
        _inputs.AddTo(this, line => line.GetValue(_index) is not { } path || IsIndex(path));
        Add(_recall);
        Add(_memory);
        Add(_sample);
        Add(_metric);
        Add(_plot);
        Add(CommonOptions.Seed);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        if (!IsIndex(context.Get(_index)))
        {
            ChooseSpecification(context, cancellationToken);
            return;
        }

        foreach (Option option in (Option[])[_memory, _sample, _metric, _plot])
        {
            if (context.IsGiven(option))
                throw new UsageException($"{option.Name} is for choosing a specification; give a file of vectors in place of the index, or leave it out.");
        }

        using var index = _inputs.OpenIndex(context);
        var queries = _inputs.ReadQueries(context, index, cancellationToken);
        var options = _inputs.Options(context);
        double target = context.Get(_recall);

        var tuned = context.Progress.Run(progress =>
        {
            var truth = _inputs.ReadTruth(context, index, queries, progress, cancellationToken);
            return IndexTuner.Tune(index, queries, truth, target, options, progress is null ? null : new StepProgress(progress), cancellationToken);
        });

        var best = EvalRow.From(tuned.Best, index.Knob);
        var result = new TuneResult(
            options.K, queries.Rows, target, tuned.Reached,
            best.Probes, best.Ef, best.Beam, best.Recall, best.Qps, best.P50Ms, best.P99Ms,
            [.. tuned.Steps.Select(step => TuneStep.From(step, index.Knob))]);
        context.Present(result, CliJson.Default.TuneResult, (console, found) => Render(console, found, best, HowToReachMore(index)));
    }

    private void ChooseSpecification(CommandContext context, CancellationToken cancellationToken)
    {
        if (_inputs.HasTruth(context))
            throw new UsageException("--base and --truth are for tuning an index; the truth about a file of vectors is found on the way.");
        string? plot = context.Find(_plot);
        OutputFile.Check(plot, "--plot", ".svg");
        var options = new SpecificationTuningOptions
        {
            Metric = context.Find(_metric),
            BytesPerVector = context.Find(_memory) ?? double.PositiveInfinity,
            Evaluation = _inputs.Options(context),
            Build = new BuildOptions { Seed = context.Seed, Threads = context.Threads },
        };
        SpecificationChoice.Execute(context, context.Get(_index), _inputs.ReadQueries(context, cancellationToken), context.Get(_recall), context.Find(_sample), plot, options, cancellationToken);
    }

    private static bool IsIndex(string path) => path.EndsWith(".tsr", StringComparison.OrdinalIgnoreCase);

    private static string HowToReachMore(VectorIndex index) => index switch
    {
        IvfPqIndex { Options.Refine: not RefineStorage.None } => "A larger --rerank may reach more.",
        HnswIndex => "More neighbours (HNSW32) would reach more.",
        TreeIndex => "A search with all leaves is exact; are the truth and the index of the same vectors?",
        _ => "Longer codes or exact rerank (,Refine) would reach more.",
    };

    private static void Render(IAnsiConsole console, TuneResult result, EvalRow best, string howToReachMore)
    {
        var table = FigureTable.Columns($"tried {best.Knob}", $"recall@{result.K}");
        foreach (var step in result.Tried)
            table.AddRow($"{step.Setting}", Figures.Fixed(step.Recall, 4));
        console.Write(table);
        string measured = $"recall {Figures.Fixed(result.Recall, 4)}, {Figures.Rate(result.Qps)} queries/s, p50 {result.P50Ms} ms, p99 {result.P99Ms} ms";
        if (result.Reached)
            console.MarkupLineInterpolated($"[bold]--{best.Knob} {best.Setting}[/] is the cheapest setting for recall {result.Target}: {measured}.");
        else
            console.MarkupLineInterpolated($"[bold]No setting reaches recall {result.Target}.[/] The best is --{best.Knob} {best.Setting}: {measured}. {howToReachMore}");
    }

    private sealed class StepProgress(IProgress<TrainingProgress> progress) : IProgress<TuningStep>
    {
        private int _steps;

        // How many steps there will be is not known before; the bar stays one step short until the end.
        public void Report(TuningStep value) => progress.Report(new TrainingProgress("settings tried", ++_steps, _steps + 1));
    }
}

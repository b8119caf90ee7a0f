using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index tune</c>: the cheapest setting that reaches a recall.</summary>
internal sealed class TuneCommand : CliCommand
{
    private readonly EvaluationInputs _inputs = new();

    private readonly Option<double> _recall = new("--recall")
    {
        Description = "The recall to reach, above 0 and at most 1.",
        HelpName = "SHARE",
        Required = true,
        CustomParser = result => Number.Parse<double>(result, share => share is > 0 and <= 1, "a share above 0 and at most 1, such as 0.9") ?? default,
    };

    public TuneCommand()
        : base(
            "tune",
            "Find the cheapest setting that reaches a recall.",
            "tessera index tune base.tsr --queries queries.npy --base base.npy --recall 0.9")
    {
        _inputs.AddTo(this);
        Add(_recall);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
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
            best.Probes, best.Ef, best.Recall, best.Qps, best.P50Ms, best.P99Ms,
            [.. tuned.Steps.Select(step => TuneStep.From(step, index.Knob))]);
        context.Present(result, CliJson.Default.TuneResult, (console, found) => Render(console, found, best, HowToReachMore(index)));
    }

    private static string HowToReachMore(VectorIndex index) => index switch
    {
        IvfPqIndex { Options.Refine: true } => "A larger --rerank may reach more.",
        IvfPqIndex => "Longer codes or exact rerank (,Refine) would reach more.",
        _ => "More neighbours (HNSW32) would reach more.",
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

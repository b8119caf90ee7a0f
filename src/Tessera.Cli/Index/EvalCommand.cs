using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Quantization;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index eval</c>: recall, throughput and latency at each of some settings.</summary>
internal sealed class EvalCommand : CliCommand
{
    private readonly EvaluationInputs _inputs = new();

    private readonly Option<int[]> _probes = new("--probes")
    {
        Description = "Numbers of lists to visit, with commas between; by default 1, 2, 4, ... up to 64.",
        HelpName = "LIST",
        CustomParser = Number.ParseList,
    };

    private readonly Option<string> _plot = new("--plot")
    {
        Description = "Draw throughput against recall into an SVG file.",
        HelpName = "FILE.svg",
    };

    public EvalCommand()
        : base(
            "eval",
            "Measure recall, throughput and latency.",
            "tessera index eval base.tsr --queries queries.npy --base base.npy -k 10 --probes 1,5,10,20",
            "tessera index eval base.tsr --queries queries.npy --truth truth.ivecs --batch 0 --plot recall.svg")
    {
        _inputs.AddTo(this);
        Add(_probes);
        Add(_plot);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string? plot = context.Find(_plot);
        OutputFile.Check(plot, "--plot", ".svg");
        using var index = _inputs.OpenIndex(context);
        int[] settings = context.Find(_probes) is { Length: > 0 } given ? given : [.. Enumerable.Range(0, 7).Select(i => 1 << i).Where(probes => probes <= index.Lists)];
        foreach (int probes in settings)
            InputFiles.CheckProbes(probes, index);
        var queries = _inputs.ReadQueries(context, index, cancellationToken);
        var options = _inputs.Options(context);

        var rows = context.Progress.Run(progress =>
        {
            var truth = _inputs.ReadTruth(context, index, queries, progress, cancellationToken);
            var evaluation = new IndexEvaluation(index, queries, truth, options);
            var measured = new List<EvalRow>();
            foreach (int probes in settings)
            {
                progress?.Report(new TrainingProgress("settings", measured.Count, settings.Length));
                measured.Add(EvalRow.From(evaluation.Measure(probes, cancellationToken)));
            }

            return measured;
        });

        var result = new EvalResult(options.K, queries.Rows, rows);
        if (plot is not null)
            OutputFile.WriteText(plot, RecallPlot.Draw($"{index.Specification}: {index.Count} vectors of dimension {index.Dimension}", result));
        context.Present(result, CliJson.Default.EvalResult, (console, evaluated) => Render(console, evaluated, plot));
    }

    private static void Render(IAnsiConsole console, EvalResult result, string? plot)
    {
        var table = FigureTable.Columns("probes", $"recall@{result.K}", "queries/s", "p50 ms", "p99 ms");
        foreach (var row in result.Rows)
            table.AddRow($"{row.Probes}", Figures.Fixed(row.Recall, 4), Figures.Rate(row.Qps), Figures.Fixed(row.P50Ms, 3), Figures.Fixed(row.P99Ms, 3));
        console.Write(table);
        if (plot is not null)
            console.MarkupLineInterpolated($"Plot written to {plot}.");
    }
}

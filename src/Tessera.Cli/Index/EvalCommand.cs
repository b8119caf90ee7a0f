using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index eval</c>: recall, throughput and latency at each of some settings.</summary>
internal sealed class EvalCommand : CliCommand
{
    private readonly EvaluationInputs _inputs = new();

    private readonly KnobOptions<int[]> _knob = new(
        new Option<int[]>("--probes")
        {
            Description = "Numbers of lists to visit, with commas between; by default 1, 2, 4, ... up to 64.",
            HelpName = "LIST",
            CustomParser = Number.ParseList,
        },
        new Option<int[]>("--ef")
        {
            Description = "Lengths of the beam of a graph (HNSW), with commas between; by default k, 2k, 4k, ... up to 64k.",
            HelpName = "LIST",
            CustomParser = Number.ParseList,
        },
        new Option<int[]>("--beam")
        {
            Description = "Numbers of leaves of a tree to visit, with commas between; by default 1, 2, 4, ... up to 64.",
            HelpName = "LIST",
            CustomParser = Number.ParseList,
        });

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
            "tessera index eval base.tsr --queries queries.npy --truth truth.ivecs --batch 1 --plot recall.svg")
    {
        _inputs.AddTo(this);
        _knob.AddTo(this);
        Add(_plot);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string? plot = context.Find(_plot);
        OutputFile.Check(plot, "--plot", ".svg");
        using var index = _inputs.OpenIndex(context);
        var options = _inputs.Options(context);
        int[] settings = _knob.Find(context, index) is { Length: > 0 } given ? given : DefaultSettings(index, options.K);
        foreach (int setting in settings)
            InputFiles.CheckSetting(setting, index);
        var queries = _inputs.ReadQueries(context, index, cancellationToken);

        var rows = context.Progress.Run(progress =>
        {
            var truth = _inputs.ReadTruth(context, index, queries, progress, cancellationToken);
            var evaluation = new IndexEvaluation(index, queries, truth, options);
            var measured = new List<EvalRow>();
            foreach (int setting in settings)
            {
                progress?.Report(new TrainingProgress("settings", measured.Count, settings.Length));
                measured.Add(EvalRow.From(evaluation.Measure(setting, cancellationToken), index.Knob));
            }

            return measured;
        });

        var result = new EvalResult(options.K, queries.Rows, rows);
        if (plot is not null)
            OutputFile.WriteText(plot, RecallPlot.Draw($"{index.Specification}: {index.Count} vectors of dimension {index.Dimension}", result));
        context.Present(result, CliJson.Default.EvalResult, (console, evaluated) => Render(console, evaluated, plot));
    }

    private static int[] DefaultSettings(VectorIndex index, int k) => index.Knob switch
    {
        SearchKnob.Probes or SearchKnob.Beam => [.. Enumerable.Range(0, 7).Select(i => 1 << i).Where(lists => lists <= index.Lists)],
        SearchKnob.EfSearch => [.. Enumerable.Range(0, 7).Select(i => (long)k << i).Where(ef => ef <= VectorIndex.MaxK).Select(ef => (int)ef)],
        _ => [1],
    };

    private static void Render(IAnsiConsole console, EvalResult result, string? plot)
    {
        var table = FigureTable.Columns(result.Rows[0].Knob, $"recall@{result.K}", "queries/s", "p50 ms", "p99 ms");
        foreach (var row in result.Rows)
            table.AddRow($"{row.Setting}", Figures.Fixed(row.Recall, 4), Figures.Rate(row.Qps), Figures.Fixed(row.P50Ms, 3), Figures.Fixed(row.P99Ms, 3));
        console.Write(table);
        if (plot is not null)
            console.MarkupLineInterpolated($"Plot written to {plot}.");
    }
}

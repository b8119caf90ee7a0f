using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Quantization;
using Tessera.SemanticIds;
using Tessera.SemanticIds.Quality;

namespace Tessera.Cli.Ids;

/// <summary><c>tessera ids sweep</c>: the experiment runner, every method with every number of levels and clusters.</summary>
internal sealed class SweepCommand : CliCommand
{
    private readonly Argument<string> _items = new("VECTORS") { Description = ItemsInput.Description };

    private readonly Option<int[]> _levels = new("--levels")
    {
        Description = "Numbers of levels.",
        HelpName = "N,N",
        DefaultValueFactory = _ => [2, 3, 4],
        CustomParser = Number.ParseList,
    };

    private readonly Option<int[]> _clusters = new("--clusters")
    {
        Description = "Numbers of codes of each level.",
        HelpName = "N,N",
        DefaultValueFactory = _ => [64, 256],
        CustomParser = Number.ParseList,
    };

    private readonly Option<string[]> _methods = new("--method")
    {
        Description = $"Methods: any of {string.Join(", ", Method.All)}.",
        HelpName = "M,M",
        DefaultValueFactory = _ => [Method.RQKMeans, Method.Balanced],
        CustomParser = ParseMethods,
    };

    private readonly Option<int> _nextBest = new Option<int>("--next-best")
    {
        Description = "How many next-best codes of the last level an item tries whose own are taken, before all is measured.",
        DefaultValueFactory = _ => 0,
    }.AtLeast(0);

    private readonly Option<int> _k = new Option<int>("-k") { Description = "Neighbours of recall and NDCG.", DefaultValueFactory = _ => 10 }.AtLeast(1);

    private readonly Option<string> _csv = new("--csv") { Description = "Write the table to this file (.csv).", HelpName = "FILE" };

    private readonly Option<string> _plot = new("--plot") { Description = "Write a plot of collisions and recall against bits to this file (.svg).", HelpName = "FILE" };

    private readonly EncoderOptions _options = new();

    public SweepCommand()
        : base(
            "sweep",
            "Try methods, levels and clusters, and compare their ids.",
            "tessera ids sweep base.npy --levels 2,3,4 --clusters 64,256",
            "tessera ids sweep products.jsonl --method rqkmeans,balanced,rqvae --csv sweep.csv --plot sweep.svg")
    {
        Add(_items);
        foreach (Option option in (Option[])[_levels, _clusters, _methods, _k, _nextBest, _csv, _plot])
            Add(option);
        _options.AddTo(this);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string? csv = context.Find(_csv), plot = context.Find(_plot);
        OutputFile.Check(csv, "--csv", ".csv");
        OutputFile.Check(plot, "--plot", ".svg");
        ItemsInput input = ItemsInput.Learn(context.Get(_items), _options.Dimension(context), context.Threads, cancellationToken);
        (string Method, int Levels, int Clusters)[] settings =
            [.. from method in context.Get(_methods) from clusters in context.Get(_clusters) from levels in context.Get(_levels) select (method, levels, clusters)];
        if (settings.Max(setting => setting.Clusters) is int most && most > input.Vectors.Rows)
            throw new UsageException($"--clusters has {most}, but there are {input.Vectors.Rows} items; give at most that many.");

        var rows = new List<SweepRow>();
        context.Progress.Run(progress =>
        {
            foreach ((string method, int levels, int clusters) in settings)
            {
                progress?.Report(new TrainingProgress("settings", rows.Count, settings.Length));
                rows.Add(Measure(context, input, method, levels, clusters, cancellationToken));
            }

            return true;
        });

        var result = new SweepResult(input.Vectors.Rows, input.Vectors.Dimension, rows);
        if (csv is not null)
            OutputFile.WriteText(csv, SweepFiles.Csv(result));
        if (plot is not null)
            OutputFile.WriteText(plot, SweepFiles.Plot(result));
        context.Present(result, IdsJson.Default.SweepResult, (console, shown) => Render(console, shown, csv, plot));
    }

    private SweepRow Measure(CommandContext context, ItemsInput input, string method, int levels, int clusters, CancellationToken cancellationToken)
    {
        SemanticEncoder encoder = Method.Create(method, [.. Enumerable.Repeat(clusters, levels)], _options.Settings(context));
        var watch = Stopwatch.StartNew();
        encoder.Fit(input.Vectors, context.Threads, null, cancellationToken);
        double seconds = watch.Elapsed.TotalSeconds;
        var options = new QualityOptions { K = context.Get(_k), Metric = _options.Metric(context), Seed = context.Seed };
        QualityResult quality = QualityResult.Of(SemanticIdQuality.Measure(encoder, input.Vectors, options, context.Get(_nextBest), context.Threads, cancellationToken));
        return new SweepRow(method, levels, clusters, Math.Round(encoder.Bits, 2), Figures.Significant(seconds, 3), quality);
    }

    private static void Render(IAnsiConsole console, SweepResult result, string? csv, string? plot)
    {
        console.MarkupLineInterpolated($"{Figures.Count(result.Items)} items of dimension {result.Dimension}");
        var table = FigureTable.Columns("method", "codes", "bits", "collisions", "perplexity", "error", $"recall@{result.Rows[0].Quality.K}", "NDCG", "Spearman", "fit");
        foreach (SweepRow row in result.Rows)
        {
            QualityResult quality = row.Quality;
            table.AddRow(
                row.Method,
                $"{row.Levels} x {row.Clusters}",
                $"{row.Bits:0.#}",
                Figures.Fixed(quality.CollisionRate, 4),
                string.Join('/', quality.Perplexity.Select(value => Figures.Fixed(value, 0))),
                Figures.Fixed(quality.RelativeError, 3),
                Figures.Fixed(quality.Recall, 3),
                Figures.Fixed(quality.Ndcg, 3),
                Figures.Fixed(quality.Spearman, 3),
                Figures.Seconds(row.FitSeconds));
        }

        console.Write(table);
        console.MarkupLine("[dim]collisions: 1 - unique / items before any suffix; error: share of the spread.[/]");
        foreach (string file in new[] { csv, plot }.OfType<string>())
            console.MarkupLineInterpolated($"Written: {file}.");
    }

    private static string[] ParseMethods(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        string[] methods = text.Split(',', StringSplitOptions.TrimEntries);
        if (!methods.All(Method.All.Contains))
            result.AddError($"--method is '{text}'; give any of {string.Join(", ", Method.All)}, with commas between.");
        return methods;
    }
}

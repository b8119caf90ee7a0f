using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Quantization;
using Tessera.SemanticIds;

namespace Tessera.Cli.Ids;

/// <summary><c>tessera ids fit</c>: learns ids from items and writes the model.</summary>
internal sealed class FitCommand : CliCommand
{
    private readonly Argument<string> _items = new("VECTORS") { Description = ItemsInput.Description };

    private readonly Option<int> _levels = new Option<int>("--levels")
    {
        Description = "Levels of the ids.",
        DefaultValueFactory = _ => 4,
    }.AtLeast(1);

    private readonly Option<int[]> _clusters = new("--clusters")
    {
        Description = "Codes of a level: one number for all levels, or one for each, such as 4,4,8.",
        HelpName = "N",
        DefaultValueFactory = _ => [256],
        CustomParser = Number.ParseList,
    };

    private readonly Option<string> _method = new Option<string>("--method")
    {
        Description = "rqkmeans (default), rqvae (a network bends the space first), rqkmeans+ (a network that begins from rqkmeans).",
        HelpName = "METHOD",
        DefaultValueFactory = _ => Method.RQKMeans,
    }.AcceptOnlyFromAmong([.. Method.All]);

    private readonly Option<bool> _balanced = new("--balanced") { Description = "Give out all codes of a level equally often (rqkmeans)." };

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "The folder of the model to write.",
        HelpName = "MODEL",
        Required = true,
    };

    private readonly EncoderOptions _options = new();

    public FitCommand()
        : base(
            "fit",
            "Learn semantic ids from vectors or texts.",
            "tessera ids fit base.npy --levels 4 --clusters 256 --out ids-model",
            "tessera ids fit products.jsonl --levels 3 --balanced --out ids-model")
    {
        Add(_items);
        Add(_levels);
        Add(_clusters);
        Add(_method);
        Add(_balanced);
        Add(_out);
        _options.AddTo(this);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string folder = context.Get(_out), method = context.Get(_method);
        int levels = context.Get(_levels);
        int[] clusters = context.Get(_clusters);
        if (clusters.Length > 1 && context.IsGiven(_levels) && clusters.Length != levels)
            throw new UsageException($"--clusters has {clusters.Length} numbers for {levels} levels; give one for all levels or one for each.");
        if (context.Get(_balanced))
            method = method is Method.RQKMeans or Method.Balanced ? Method.Balanced : throw new UsageException($"--balanced goes with --method rqkmeans, not {method}.");
        if (File.Exists(folder))
            throw new FailureException($"--out {folder}: is a file; a model is a folder.");
        SemanticEncoder encoder = Method.Create(method, clusters.Length > 1 ? clusters : [.. Enumerable.Repeat(clusters[0], levels)], _options.Settings(context));

        ItemsInput input = ItemsInput.Learn(context.Get(_items), _options.Dimension(context), context.Threads, cancellationToken);
        if (input.Vectors.Rows < encoder.Clusters.Max())
            throw new UsageException($"--clusters is {encoder.Clusters.Max()}, but there are {input.Vectors.Rows} items; give at most that many.");
        var watch = Stopwatch.StartNew();
        context.Progress.Run(progress =>
        {
            encoder.Fit(input.Vectors, context.Threads, progress, cancellationToken);
            return true;
        });
        double seconds = watch.Elapsed.TotalSeconds;
        cancellationToken.ThrowIfCancellationRequested();
        encoder.Save(folder);
        input.Embedder?.Save(folder);

        var result = new FitResult(input.Vectors.Rows, input.Vectors.Dimension, method, encoder.Clusters, Math.Round(encoder.Bits, 2), Figures.Significant(seconds, 4));
        context.Present(result, IdsJson.Default.FitResult, (console, fitted) => Render(console, fitted, folder, context.Get(_items)));
    }

    private static void Render(IAnsiConsole console, FitResult result, string folder, string items)
    {
        Table table = FigureTable.Pairs();
        table.AddRow("model", Markup.Escape($"{folder} ({result.Method})"));
        table.AddRow("items", $"{Figures.Count(result.Items)} of dimension {result.Dimension}");
        table.AddRow("codes", $"{string.Join(" x ", result.Clusters)} ({result.Bits:0.##} bits)");
        table.AddRow("fitting", Figures.Seconds(result.FitSeconds));
        console.Write(table);
        console.MarkupLineInterpolated($"Next: [bold]tessera ids evaluate {folder} {items}[/] or [bold]tessera ids encode {folder} {items} --unique --out ids.tsv[/]");
    }
}

using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Colors.Collections;
using Tessera.Colors.Evaluation;
using Tessera.Colors.Indexes;
using Tessera.Quantization;

namespace Tessera.Cli.Colors;

/// <summary><c>tessera colors bench</c>: how good searches are and how long they take, on an index, on planted palettes or on made-up histograms.</summary>
internal sealed class ColorsBenchCommand : CliCommand
{
    private const double RawBytes = 4.0 * ColorConfig.TOTAL_BINS;

    private readonly Option<string> _index = new("--index", "-i") { Description = "Measure this index against an oracle that solves the transport of every image.", HelpName = "F" };
    private readonly Option<int?> _synthetic = new Option<int?>("--synthetic") { Description = "Measure this many made-up histograms, in place of an index." }.AtLeast(10);
    private readonly Option<int> _queries = new Option<int>("--queries") { Description = "Queries of each kind.", DefaultValueFactory = _ => 40 }.AtLeast(1);
    private readonly Option<bool> _noOracle = new("--no-oracle") { Description = "Measure times alone." };
    private readonly Option<int> _k = ColorsOptions.K("Answers of each query.", 10);

    public ColorsBenchCommand()
        : base(
            "bench",
            "Measure answers and times: of an index, of made-up histograms, or, with neither, of generated images with known colours.",
            "tessera colors bench",
            "tessera colors bench --index pictures.colors",
            "tessera colors bench --synthetic 1000000 --no-oracle")
    {
        Option[] options = [_index, _synthetic, _queries, _noOracle, _k, CommonOptions.Seed];
        foreach (Option option in options)
            Add(option);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        if (context.Find(_index) is not null && context.Find(_synthetic) is not null)
            throw new UsageException("give --index or --synthetic, not both.");
        ColorsBenchResult result = context.Progress.Run(progress =>
            context.Find(_index) is { } folder ? OfIndex(context, folder, progress, cancellationToken)
            : context.Find(_synthetic) is { } images ? OfSynthetic(context, images, progress, cancellationToken)
            : OfPlanted(context, progress, cancellationToken));
        context.Present(result, ColorsJson.Default.ColorsBenchResult, Render);
    }

    private static ColorsBenchResult OfPlanted(CommandContext context, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        PlantedCollection planted = PlantedCollection.Generate(seed: context.Seed);
        using ColorCollection collection = planted.ToCollection();
        collection.BuildIndex(null, progress, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return Described("planted palettes", collection, seconds) with { Precision = PlantedPrecision.Measure(planted, collection, ColorSearchOptions.Default, cancellationToken) };
    }

    private ColorsBenchResult OfIndex(CommandContext context, string folder, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        using ColorCollection collection = ColorsOptions.Open(folder);
        if (collection.Count == 0)
            throw new FailureException($"--index {folder}: the index is empty.");
        return Searched(context, folder, collection, 0, progress, cancellationToken);
    }

    private ColorsBenchResult OfSynthetic(CommandContext context, int images, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("tessera-colors-").FullName;
        try
        {
            long start = Stopwatch.GetTimestamp();
            using ColorCollection collection = ColorCollection.Open(new SyntheticCatalog(images, context.Seed), folder);
            collection.Save(null, progress, cancellationToken);
            return Searched(context, "made-up histograms", collection, Stopwatch.GetElapsedTime(start).TotalSeconds, progress, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private ColorsBenchResult Searched(CommandContext context, string name, ColorCollection collection, double seconds, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var evaluation = new SearchEvaluation(collection, context.Get(_queries), context.Seed);
        var options = new ColorSearchOptions { K = context.Get(_k) };
        bool withOracle = !context.Find(_noOracle);
        IReadOnlyList<SearchFigures> asSet = evaluation.Run(options, withOracle, progress, cancellationToken);
        IReadOnlyList<SearchFigures> throughIndex = evaluation.Run(options with { ExhaustiveUpTo = 0 }, withOracle, progress, cancellationToken);
        return Described(name, collection, seconds) with { AsSet = [.. asSet.Select(Rounded)], ThroughIndex = [.. throughIndex.Select(Rounded)] };
    }

    private static ColorsBenchResult Described(string name, ColorCollection collection, double seconds)
    {
        ColorCollectionInfo info = collection.Describe();
        double compression = info.CodeBytes == 0 ? 0 : Figures.Significant(RawBytes / info.CodeBytes, 4);
        return new ColorsBenchResult(name, info.Images, null, null, null, info.CodeBytes, compression, info.IndexBytes, info.HistogramBytes, Figures.Significant(seconds, 4));
    }

    /// <summary>Not a number, which JSON does not have, becomes -1.</summary>
    private static SearchFigures Rounded(SearchFigures row) => row with
    {
        Recall = double.IsNaN(row.Recall) ? -1 : Figures.Significant(row.Recall, 4),
        MedianMilliseconds = Figures.Significant(row.MedianMilliseconds, 3),
        P95Milliseconds = Figures.Significant(row.P95Milliseconds, 3),
        MedianProcessorMilliseconds = Figures.Significant(row.MedianProcessorMilliseconds, 3),
        P95ProcessorMilliseconds = Figures.Significant(row.P95ProcessorMilliseconds, 3),
        MeanCandidates = Math.Round(row.MeanCandidates),
        MeanMeasured = Math.Round(row.MeanMeasured, 1),
    };

    private static void Render(IAnsiConsole console, ColorsBenchResult result)
    {
        string code = $"{result.CodeBytes:0.#} bytes of code an image, {result.Compression:0}-fold compressed";
        console.WriteLine($"{Figures.Count(result.Images)} images ({result.Collection}); index {Figures.Bytes(result.IndexBytes)}, {code}; histograms {Figures.Bytes(result.HistogramBytes)}");
        if (result.Precision is { } precision)
        {
            Table table = FigureTable.Columns("asked for", "queries", "precision at 10");
            foreach (PrecisionRow row in precision)
                table.AddRow(row.Asked, $"{row.Queries}", Figures.Fixed(row.Precision, 3));
            console.Write(table);
        }

        foreach (var (title, rows) in new[] { ("At the default settings:", result.AsSet), ("Through the index, however small the collection:", result.ThroughIndex) })
        {
            if (rows is null)
                continue;
            console.WriteLine(title);
            Table table = FigureTable.Columns("asked by", "queries", "recall", "median ms", "95% ms", "processor", "95%", "looked at", "measured");
            foreach (SearchFigures row in rows)
                table.AddRow(
                    row.Kind, $"{row.Queries}", row.Recall < 0 ? "-" : Figures.Fixed(row.Recall, 3), Figures.Fixed(row.MedianMilliseconds, 1), Figures.Fixed(row.P95Milliseconds, 1),
                    Figures.Fixed(row.MedianProcessorMilliseconds, 1), Figures.Fixed(row.P95ProcessorMilliseconds, 1), Figures.Count((long)row.MeanCandidates), Figures.Fixed(row.MeanMeasured, 1));
            console.Write(table);
        }
    }
}

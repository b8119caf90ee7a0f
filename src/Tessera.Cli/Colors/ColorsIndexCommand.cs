using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Colors.Collections;
using Tessera.Colors.Images;
using Tessera.Quantization;
using Tessera.Stores.Colors;

namespace Tessera.Cli.Colors;

/// <summary><c>tessera colors index</c>: a folder of images to an index, and again when it has changed.</summary>
internal sealed class ColorsIndexCommand : CliCommand
{
    private const int NamedBroken = 10;

    private readonly Argument<string> _folder = new("FOLDER") { Description = "The folder of images, with all folders in it." };

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "The folder to keep the index in; where it holds one of the same images, only what changed is read.",
        HelpName = "F",
        Required = true,
    };

    private readonly Option<bool> _watch = new("--watch") { Description = "Go on watching the folder and index what changes, until Ctrl-C." };

    public ColorsIndexCommand()
        : base(
            "index",
            "Index a folder of images by their colours.",
            "tessera colors index ~/Pictures --out pictures.colors",
            "tessera colors index ~/Pictures --out pictures.colors --watch")
    {
        Add(_folder);
        Add(_out);
        Add(_watch);
        Add(CommonOptions.Threads);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string folder = context.Get(_folder), output = context.Get(_out);
        if (File.Exists(output))
            throw new FailureException($"--out {output}: is a file; give a folder.");
        if (!Directory.Exists(folder))
            throw new FailureException($"{folder}: no such folder; check the path.");
        if (context.Find(_watch) && context.IsJson)
            throw new UsageException("--watch goes on for ever and --json prints one object; give one of them.");
        VipsImageDecoder decoder = ColorsOptions.Told(() => new VipsImageDecoder());
        using SqliteImageCatalog catalog = ColorIndexFolder.OpenCatalog(output);
        var indexer = new FolderIndexer(folder, catalog, decoder, new IndexingOptions { Threads = context.Threads });
        using FolderWatcher? watcher = context.Find(_watch) ? new FolderWatcher(folder) : null;
        for (bool isFirst = true; ; isFirst = false)
        {
            IndexingResult result = context.Progress.Run(progress => Run(indexer, output, progress, cancellationToken));
            if (isFirst || result.Added + result.Changed + result.Moved + result.Removed > 0)
                context.Present(result, ColorsJson.Default.IndexingResult, (console, shown) => Render(console, shown, output));
            if (watcher is null)
                return;
            watcher.Wait(cancellationToken);
        }
    }

    private static IndexingResult Run(FolderIndexer indexer, string output, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        IndexingReport report = indexer.Run(progress, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        using ColorCollection collection = ColorIndexFolder.Open(output);
        collection.Save(null, progress, cancellationToken);
        ColorCollectionInfo info = collection.Describe();
        int read = report.Added + report.Changed;
        return new IndexingResult(
            info.Images, report.Files, report.Added, report.Changed, report.Moved, report.Removed, report.Unchanged,
            [.. report.Broken.Select(broken => new BrokenImage(broken.Path, broken.Problem))],
            Figures.Significant(report.Seconds, 4), Figures.Significant(Stopwatch.GetElapsedTime(start).TotalSeconds, 4),
            read == 0 ? 0 : Figures.Significant(read / report.Seconds, 4), info.Index, info.IndexBytes);
    }

    private static void Render(IAnsiConsole console, IndexingResult result, string output)
    {
        console.MarkupLineInterpolated($"[bold]{Figures.Count(result.Images)} images[/]: {result.Added} added, {result.Changed} changed, {result.Moved} moved, {result.Removed} removed, {result.Unchanged} as they were");
        if (result.Added + result.Changed > 0)
            console.WriteLine($"Read in {Figures.Seconds(result.ReadSeconds)} ({Figures.Rate(result.ImagesPerSecond)} a second), indexed in {Figures.Seconds(result.SaveSeconds)}: {output}");
        if (result.Broken.Count > 0)
            console.WriteLine($"{result.Broken.Count} files could not be read as images:");
        foreach (BrokenImage broken in result.Broken.Take(NamedBroken))
            console.WriteLine($"  {broken.Path}: {broken.Problem}");
        if (result.Broken.Count > NamedBroken)
            console.WriteLine($"  and {result.Broken.Count - NamedBroken} more ('tessera colors info --index {output}' names them)");
        console.WriteLine($"Next: tessera colors search \"#ff8800:0.7,teal:0.3\" --index {output} --open");
    }
}

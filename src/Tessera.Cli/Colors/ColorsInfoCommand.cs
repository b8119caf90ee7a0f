using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Colors.Collections;
using Tessera.Stores.Colors;

namespace Tessera.Cli.Colors;

/// <summary><c>tessera colors info</c>: what an index of images holds and takes.</summary>
internal sealed class ColorsInfoCommand : CliCommand
{
    private readonly Option<string> _index = ColorsOptions.Index();

    public ColorsInfoCommand()
        : base("info", "Show what an index of images holds and what it takes.", "tessera colors info --index pictures.colors")
    {
        Add(_index);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string folder = context.Get(_index);
        using ColorCollection collection = ColorsOptions.Open(folder);
        using SqliteImageCatalog catalog = ColorIndexFolder.OpenCatalog(folder);
        ColorCollectionInfo info = collection.Describe();
        var broken = catalog.Files().Where(file => file.Problem is not null).Select(file => new BrokenImage(file.Path, file.Problem!));
        var result = new ColorsInfoResult(collection.Root ?? "", info.Images, info.Unsaved, info.Index, info.IndexBytes, info.HistogramBytes, collection.Facets(), [.. broken]);
        context.Present(result, ColorsJson.Default.ColorsInfoResult, Render);
    }

    private static void Render(IAnsiConsole console, ColorsInfoResult result)
    {
        Table table = FigureTable.Pairs();
        table.AddRow("folder", Markup.Escape(result.Folder));
        table.AddRow("images", Figures.Count(result.Images));
        if (result.Unsaved > 0)
            table.AddRow("not yet in the saved index", Figures.Count(result.Unsaved));
        table.AddRow("index", Markup.Escape($"{result.Index}, {Figures.Bytes(result.IndexBytes)}"));
        table.AddRow("histograms", $"{Figures.Bytes(result.HistogramBytes)}, mapped");
        table.AddRow("classes", string.Join(", ", result.Facets.Classes.Select(count => $"{count.Value.ToLowerInvariant()} {Figures.Count(count.Images)}")));
        console.Write(table);
        foreach (BrokenImage broken in result.Broken)
            console.WriteLine($"no image: {broken.Path}: {broken.Problem}");
    }
}

using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Colors.Collections;
using Tessera.Colors.Histograms;
using Tessera.Colors.Images;
using Tessera.Colors.Queries;
using Tessera.Colors.Transport;

namespace Tessera.Cli.Colors;

/// <summary><c>tessera colors search</c>: images by colours, or by another image.</summary>
internal sealed class ColorsSearchCommand : CliCommand
{
    private readonly Argument<string?> _spec = new("SPEC")
    {
        Description = "Colours with weights: #rgb, #rrggbb or names of CSS, such as \"#ff8800:0.7,teal:0.3\"; \"red:0.3,*\" leaves the rest open.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _index = ColorsOptions.Index();
    private readonly Option<int> _k = ColorsOptions.K("Images to find.", 20);
    private readonly Option<string> _image = new("--image") { Description = "Find images with the colours of this file, in place of SPEC.", HelpName = "FILE" };
    private readonly Option<long?> _like = new Option<long?>("--like") { Description = "Find images with the colours of this one of the index, by its id.", HelpName = "ID" }.AtLeast(1L);
    private readonly Option<string> _exclude = new("--exclude") { Description = "Colours with the most that images may have of them, such as \"#000:0.2,white:10%\".", HelpName = "SPEC" };
    private readonly Option<bool> _sinkhorn = new("--sinkhorn") { Description = "Rank by Sinkhorn's approximation of transport in place of the exact one." };
    private readonly Option<bool> _throughIndex = new("--through-index") { Description = "Take candidates from the index however small the collection is." };
    private readonly Option<bool> _facets = new("--facets") { Description = "Count what the images that pass the filter are." };
    private readonly Option<bool> _open = new("--open") { Description = "Write the answers as a page of HTML and open it in the browser." };
    private readonly Option<string> _html = new("--html") { Description = "Write the answers as a page of HTML to this file.", HelpName = "F.html" };
    private readonly ColorFilterOptions _filter = new();

    public ColorsSearchCommand()
        : base(
            "search",
            "Find images by colours and their weights, or by an image.",
            "tessera colors search \"#ff8800:0.7,teal:0.3\" --index pictures.colors --open",
            "tessera colors search \"red:5%,*\" --exclude \"#000:0.2\" --class blue --index pictures.colors",
            "tessera colors search --image sunset.jpg --index pictures.colors -k 50 --json")
    {
        Add(_spec);
        Option[] options = [_index, _k, _image, _like, _exclude, _sinkhorn, _throughIndex, _facets, _open, _html];
        foreach (Option option in options)
            Add(option);
        _filter.AddTo(this);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string? html = context.Find(_html);
        OutputFile.Check(html, "--html", ".html");
        if (new object?[] { context.Find(_spec), context.Find(_image), context.Find(_like) }.Count(given => given is not null) != 1)
            throw new UsageException("give colours, or --image FILE, or --like ID: one of them.");
        IReadOnlyList<ColorExclusion> exclusions = context.Find(_exclude) is { } text ? ColorsOptions.Told(() => ColorQuery.ParseExclusions(text)) : [];
        ColorQuery? query = context.Find(_spec) is { } spec ? ColorsOptions.Told(() => ColorQuery.Parse(spec))
            : context.Find(_image) is { } image ? ColorsOptions.Told(() => OfImage(image)) : null;
        var options = new ColorSearchOptions
        {
            K = Math.Min(context.Get(_k), ColorSearchOptions.MostAnswers),
            Filter = _filter.Read(context),
            Method = context.Find(_sinkhorn) ? RerankMethod.Sinkhorn : RerankMethod.Exact,
            WithFacets = context.Find(_facets),
        };
        if (context.Find(_throughIndex))
            options = options with { ExhaustiveUpTo = 0 };
        using ColorCollection collection = ColorsOptions.Open(context.Get(_index));
        ColorSearchResult found = query is null
            ? Similar(collection, context.Find(_like)!.Value, options, cancellationToken)
            : collection.Search(query with { Exclusions = exclusions }, options, cancellationToken);
        string asked = context.Find(_spec) is not null ? query!.ToString() : context.Find(_image) ?? $"image {context.Find(_like)}";
        var result = new ColorsSearchResult(asked, [.. found.Hits.Select(Found)], found.Passing, found.Candidates, found.Measured, found.IsExhaustive, Rounded(found.Timings), found.Facets);
        if (html is not null || context.Find(_open))
        {
            html ??= Path.Combine(Path.GetTempPath(), "tessera-colors.html");
            OutputFile.WriteText(html, ResultsPage.Of(result, query, collection.Root ?? ""));
        }

        context.Present(result, ColorsJson.Default.ColorsSearchResult, Render);
        if (context.Find(_open))
            Open(html!, context);
    }

    private static ColorQuery OfImage(string path)
    {
        var histogram = new float[HistogramGrid.TotalBins];
        ColorHistogram.Compute(new VipsImageDecoder().Decode(path), histogram);
        return ColorQuery.Of(SparseHistogram.Of(histogram));
    }

    private static ColorSearchResult Similar(ColorCollection collection, long id, ColorSearchOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return collection.Similar(id, options, cancellationToken);
        }
        catch (KeyNotFoundException problem)
        {
            throw new FailureException($"--like {id}: {problem.Message}", problem);
        }
    }

    private static FoundImage Found(ColorHit hit) => new(
        hit.Image.Id, hit.Image.Path, Figures.Significant(hit.Distance, 4), Figures.Significant(hit.Similarity, 4), hit.Image.Class.ToString(),
        hit.Image.Width, hit.Image.Height, Swatch.Of(hit.Image.Palette), hit.Image.Tags);

    private static ColorSearchTimings Rounded(ColorSearchTimings timings)
    {
        static double Short(double value) => Figures.Significant(value, 3);
        return new ColorSearchTimings(
            Short(timings.Prepare), Short(timings.Filter), Short(timings.Index), Short(timings.Bounds), Short(timings.Transport), Short(timings.Details), Short(timings.Total));
    }

    private static void Render(IAnsiConsole console, ColorsSearchResult result)
    {
        Table table = FigureTable.Columns("", "like", "id", "colours", "class", "image");
        table.Columns[3].LeftAligned();
        table.Columns[5].LeftAligned();
        for (int i = 0; i < result.Images.Count; i++)
        {
            FoundImage image = result.Images[i];
            table.AddRow($"{i + 1}", $"{100 * image.Similarity:0.0} %", $"{image.Id}", SwatchText.Bar(console, image.Palette), image.Class.ToLowerInvariant(), Markup.Escape(image.Path));
        }

        console.Write(table);
        ColorSearchTimings time = result.Milliseconds;
        string looked = result.IsExhaustive ? "all of them looked at" : $"{Figures.Count(result.Candidates)} candidates from the index";
        console.WriteLine($"{Figures.Count(result.Passing)} images pass the filter, {looked}, {Figures.Count(result.Measured)} measured by transport");
        console.WriteLine($"{time.Total:0.0} ms: query {time.Prepare:0.0}, filter {time.Filter:0.0}, index {time.Index:0.0}, bounds {time.Bounds:0.0}, transport {time.Transport:0.0}, details {time.Details:0.0}");
        if (result.Facets is not { } facets)
            return;
        foreach (var (name, counts) in new[] { ("class", facets.Classes), ("folder", facets.Folders), ("tag", facets.Tags), ("year", facets.Years) })
            console.WriteLine($"{name}: {string.Join(", ", counts.Take(12).Select(count => $"{(count.Value.Length == 0 ? "." : count.Value)} {Figures.Count(count.Images)}"))}");
    }

    private static void Open(string page, CommandContext context)
    {
        try
        {
            using Process? browser = Process.Start(new ProcessStartInfo(page) { UseShellExecute = true });
        }
        catch (Exception problem) when (problem is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            context.Warn($"no browser could be started; open {page} yourself.");
        }
    }
}

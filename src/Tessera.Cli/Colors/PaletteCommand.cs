using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Colors.Images;
using Tessera.Colors.Palettes;

namespace Tessera.Cli.Colors;

/// <summary><c>tessera colors palette</c>: the main colours of an image.</summary>
internal sealed class PaletteCommand : CliCommand
{
    private readonly Argument<string> _image = new("IMAGE") { Description = "An image." };
    private readonly Option<int> _k = ColorsOptions.K("Colours at most.", 6);

    public PaletteCommand()
        : base("palette", "Show the main colours of an image.", "tessera colors palette sunset.jpg", "tessera colors palette sunset.jpg -k 5 --json")
    {
        Add(_image);
        Add(_k);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string path = context.Get(_image);
        if (context.Get(_k) > Palette.MaxColors)
            throw new UsageException($"-k is {context.Get(_k)}; a palette has {Palette.MaxColors} colours at most.");
        DecodedImage image = ColorsOptions.Told(() => new VipsImageDecoder().Decode(path));
        IReadOnlyList<PaletteColor> palette = Palette.Extract(image, context.Get(_k));
        string query = string.Join(',', palette.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Color.ToHex()}:{part.Share:0.##}")).Where(term => !term.EndsWith(":0", StringComparison.Ordinal)));
        var result = new PaletteResult(path, image.OriginalWidth, image.OriginalHeight, ColorClasses.Of(palette).ToString(), Swatch.Of(palette), query);
        context.Present(result, ColorsJson.Default.PaletteResult, Render);
    }

    private static void Render(IAnsiConsole console, PaletteResult result)
    {
        foreach (Swatch swatch in result.Palette)
            console.MarkupLine($"{SwatchText.Block(console, swatch.Color)}{swatch.Color}  {100 * swatch.Share,5:0.0} %  {swatch.Name}");
        console.WriteLine($"mostly {result.Class.ToLowerInvariant()}, {result.Width} x {result.Height}");
        console.WriteLine($"As a query: \"{result.Query}\"");
    }
}

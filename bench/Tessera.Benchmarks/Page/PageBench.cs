using System.CommandLine;
using System.Globalization;
using Microsoft.Playwright;
using Tessera.Benchmarks.Compare;
using Tessera.Server.Tests.Page;

namespace Tessera.Benchmarks.Page;

/// <summary><c>page</c>: how soon the page shows its first results after the server starts, and how long a changed weight takes to be painted.</summary>
internal static class PageBench
{
    // Pixels of the images are three times as wide as planned: 192 x 144 and the like, so that thumbnails have work to do.
    private const int Zoom = 3;
    private const int Changes = 60;

    public static Command Create()
    {
        var folder = new Option<string>("--data") { Description = "Where the generated images and their index are kept.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "tessera-page") };
        var count = new Option<int>("--images") { Description = "How many images; a multiple of 10.", DefaultValueFactory = _ => 3000 };
        var starts = new Option<int>("--starts") { Description = "How many times the server is started.", DefaultValueFactory = _ => 5 };
        var command = new Command("page", "Times the web page in Chromium: first results from the start of the server, and repaints.") { folder, count, starts };
        command.SetAction(result => Program.Guard(() => Run(result.GetValue(folder)!, result.GetValue(count), result.GetValue(starts)).GetAwaiter().GetResult()));
        return command;
    }

    private static async Task Run(string data, int images, int starts)
    {
        if (!File.Exists(Browser.Path))
            throw new FileNotFoundException($"{Browser.Path} is not there; install Debian's package chromium.");
        string index = Path.Combine(data, $"{images}.colors");
        if (!File.Exists(Path.Combine(index, "catalog.db")))
        {
            Console.WriteLine($"Writing {images} images to {data} ...");
            GeneratedPhotos.Write(Path.Combine(data, $"{images}"), index, images, Zoom);
        }

        await using Browser browser = await Browser.StartAsync();
        List<double> listening = [], first = [], pictures = [], repaints = [];
        for (int i = 0; i < starts; i++)
        {
            IPage page = await browser.NewPageAsync(1280, 860);
            await using TesseraProcess server = await TesseraProcess.StartAsync(index);
            listening.Add(server.Milliseconds);
            await page.GotoAsync(server.Address, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
            await page.WaitForSelectorAsync(".tile");
            first.Add(server.Milliseconds);
            await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.tile')].slice(0, 12).every(tile => tile.classList.contains('loaded'))");
            pictures.Add(server.Milliseconds);
            if (i == starts - 1)
                repaints = await Repaints(page, server.Address);
            await page.Context.CloseAsync();
        }

        Console.WriteLine($"{images} images, Chromium, {Machine.Processor}");
        Print("server listens", listening);
        Print("first results", first);
        Print("first twelve pictures", pictures);
        Print("a changed weight is painted", repaints);
    }

    private static async Task<List<double>> Repaints(IPage page, string address)
    {
        await page.GotoAsync($"{address}?tab=colors&c=1e90ff:0.4,ff8c00:0.3,ffffff:0.3");
        await page.WaitForFunctionAsync("() => performance.getEntriesByName('repaint').length > 0");
        ILocator divider = page.Locator(".weights-divider").First;
        for (int i = 0; i < Changes; i++)
        {
            await divider.PressAsync(i % 20 < 10 ? "ArrowRight" : "ArrowLeft");
            await page.WaitForFunctionAsync($"() => performance.getEntriesByName('repaint').length > {i + 1}");
        }

        // The first one is the page's own.
        return [.. (await page.EvaluateAsync<double[]>("() => performance.getEntriesByName('repaint').map(entry => entry.duration)")).Skip(1)];
    }

    private static void Print(string what, List<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-30} {sorted[sorted.Length / 2],7:0} ms at the median, {sorted[0]:0} to {sorted[^1]:0} ({sorted.Length})"));
    }
}

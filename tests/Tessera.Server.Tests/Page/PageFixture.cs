using Microsoft.Playwright;
using Tessera.Colors.Images;

namespace Tessera.Server.Tests.Page;

/// <summary>One server with everything loaded and one browser, for all tests of the page. Without Chromium nothing starts.</summary>
public sealed class PageFixture : IAsyncLifetime
{
    public const int Images = 120;

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-page-").FullName;
    private TesseraServer? _server;
    private Browser? _browser;

    /// <summary>Why the tests cannot run; null where they can.</summary>
    public static string? Missing =>
        !File.Exists(Browser.Path) ? $"{Browser.Path} is not there; install Debian's package chromium." : VipsImageDecoder.Unavailable;

    /// <summary>An image file to drop on the page.</summary>
    public string ImageFile => Directory.GetFiles(Path.Combine(_folder, "photos", "beach")).Order(StringComparer.Ordinal).First();

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
            return;
        string photos = Path.Combine(_folder, "photos"), index = Path.Combine(_folder, "photos.colors"), code = Path.Combine(_folder, "shop");
        GeneratedPhotos.Write(photos, index, Images, zoom: 3);
        GeneratedCode.Write(code);
        _server = await TesseraServer.StartAsync(new ServerOptions { Port = 0, Colors = index, Code = [code], StarterPacks = true });
        _browser = await Browser.StartAsync();
        await _server.WaitUntilLoadedAsync();
        Assert.Empty(_server.Failures);
    }

    /// <summary>Opens the page at an address such as <c>/?tab=music</c>; skips the test where there is no browser.</summary>
    internal async Task<OpenPage> OpenAsync(string address = "/", int width = 1280, int height = 860, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        var open = new OpenPage(await _browser!.NewPageAsync(width, height, scheme), _server!.Address);
        await open.GoAsync(address);
        return open;
    }

    /// <summary>Opens the page of a server that has nothing to show.</summary>
    internal async Task<(TesseraServer Server, OpenPage Page)> OpenBareAsync(string address)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        TesseraServer server = await TesseraServer.StartAsync(new ServerOptions { Port = 0 });
        var open = new OpenPage(await _browser!.NewPageAsync(1280, 860), server.Address);
        await open.GoAsync(address);
        return (server, open);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

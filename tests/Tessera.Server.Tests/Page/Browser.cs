using Microsoft.Playwright;

namespace Tessera.Server.Tests.Page;

/// <summary>Debian's Chromium, driven by Playwright.</summary>
internal sealed class Browser : IAsyncDisposable
{
    /// <summary>Where Chromium is.</summary>
    public const string Path = "/usr/bin/chromium";

    /// <summary>Milliseconds that a busy machine is given to show something.</summary>
    public const int Patience = 60_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    public static async Task<Browser> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        IPlaywright playwright = await Playwright.CreateAsync();
        try
        {
            // The sandbox does not run as root, which is what build machines are; the pages are our own.
            return new Browser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Path, Args = ["--no-sandbox"] }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>Opens an empty page in a context of its own, with nothing kept from others.</summary>
    public Task<IPage> NewPageAsync(int width, int height, ColorScheme scheme = ColorScheme.Light, ReducedMotion motion = ReducedMotion.Reduce) =>
        _browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = motion,
        });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

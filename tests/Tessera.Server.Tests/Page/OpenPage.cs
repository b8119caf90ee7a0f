using System.Text.Json;
using Microsoft.Playwright;

namespace Tessera.Server.Tests.Page;

/// <summary>A page that is open in the browser, with what went wrong in it.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    /// <summary>A click as people make it: what is exchanged meanwhile does not hear of it.</summary>
    public static readonly LocatorClickOptions Press = new() { Delay = 120 };

    private static readonly string Screenshots = Path.Combine(AppContext.BaseDirectory, "artifacts", "page");

    private readonly Uri _server;
    private readonly List<string> _errors = [];

    public OpenPage(IPage page, Uri server)
    {
        Page = page;
        _server = server;
        page.SetDefaultTimeout(Browser.Patience);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _errors.Add($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => _errors.Add(error);
        page.RequestFailed += (_, request) =>
        {
            // The page aborts what it no longer needs; that is no failure.
            if (request.Failure is not "net::ERR_ABORTED")
                _errors.Add($"{request.Url}: {request.Failure}");
        };
    }

    public IPage Page { get; }

    public ILocator this[string selector] => Page.Locator(selector);

    /// <summary>What follows the host in the address bar.</summary>
    public string Address => new Uri(Page.Url).PathAndQuery;

    public Task GoAsync(string address) => Page.GotoAsync(new Uri(_server, address).ToString());

    /// <summary>Waits until the grid shows an answer and its tiles.</summary>
    public async Task<IReadOnlyList<string>> TilesAsync()
    {
        await Page.WaitForSelectorAsync(".tile");
        return await this[".tile"].EvaluateAllAsync<string[]>("tiles => tiles.map(tile => tile.dataset.id)");
    }

    /// <summary>Does something, and waits for the answer that it asks the API for.</summary>
    public async Task<JsonElement> AnswerToAsync(string path, Func<Task> action)
    {
        IResponse response = await Page.RunAndWaitForResponseAsync(action, response => new Uri(response.Url).AbsolutePath.StartsWith(path, StringComparison.Ordinal) && response.Ok);
        JsonElement answer = (await response.JsonAsync())!.Value;
        // What came is painted by the second frame after it.
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))");
        return answer;
    }

    /// <summary>Presses Tab until something is focused that has the id or matches the selector.</summary>
    public async Task TabToAsync(string target)
    {
        for (int i = 0; i < 60; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await Page.EvaluateAsync<bool>("target => document.activeElement.id === target || document.activeElement.matches(target)", target))
                return;
        }

        Assert.Fail($"The Tab key does not come to {target}.");
    }

    /// <summary>What the focus is on, by its accessible name.</summary>
    public Task<string> FocusedAsync() => Page.EvaluateAsync<string>("() => document.activeElement.ariaLabel ?? document.activeElement.textContent");

    public Task<bool> FitsAsync() => Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth");

    /// <summary>The pixels of a canvas that are not of its corner's colour, as a share: 0 is an empty canvas.</summary>
    public Task<double> PaintedAsync(string canvas) => Page.EvaluateAsync<double>(
        """
        selector => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
            const canvas = document.querySelector(selector), { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const colors = new Map();
            for (let i = 0; i < data.length; i += 4) { const key = data[i] << 16 | data[i + 1] << 8 | data[i + 2]; colors.set(key, (colors.get(key) ?? 0) + 1); }
            done(1 - Math.max(...colors.values()) / (data.length / 4));
        })))
        """, canvas);

    /// <summary>Keeps a picture of what is seen in the test's artifacts folder.</summary>
    public async Task ShootAsync(string name)
    {
        await Page.WaitForFunctionAsync("() => [...document.querySelectorAll('.tile img')].slice(0, 12).every(image => image.complete)");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, name + ".png") });
    }

    /// <summary>Holds the page to a clean console.</summary>
    public void HadNoErrors() => Assert.Empty(_errors);

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}

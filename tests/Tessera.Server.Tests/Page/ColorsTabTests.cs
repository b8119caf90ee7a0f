using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Tessera.Server.Tests.Page;

[Collection(PageTests.Name)]
public sealed class ColorsTabTests(PageFixture fixture, ITestOutputHelper output)
{
    private const string Search = "/api/colors/search";

    [Fact]
    public async Task Images_are_there_before_anything_is_asked_for()
    {
        await using OpenPage page = await fixture.OpenAsync();
        Assert.Equal(60, (await page.TilesAsync()).Count);
        await Assertions.Expect(page[".result-count"]).ToContainTextAsync("120 images");
        await page.ShootAsync("colors-start-1280-light");
        page.HadNoErrors();
    }

    [Fact]
    public async Task A_colour_by_name_puts_its_images_first_and_stands_in_the_address()
    {
        await using OpenPage page = await fixture.OpenAsync();
        IReadOnlyList<string> before = await page.TilesAsync();
        JsonElement answer = await page.AnswerToAsync(Search, async () =>
        {
            await page["#color-text"].FillAsync("teal");
            await page["#color-text"].PressAsync("Enter");
        });
        string[] expected = [.. answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("id").GetString()!)];
        Assert.Equal(expected, await page.TilesAsync());
        Assert.NotEqual(before, expected);
        Assert.Equal("/?tab=colors&c=008080:1", page.Address);
        page.HadNoErrors();
    }

    [Fact]
    public async Task A_word_that_is_no_colour_is_told()
    {
        await using OpenPage page = await fixture.OpenAsync();
        await page["#color-text"].FillAsync("tael");
        await page["#color-text"].PressAsync("Enter");
        await Assertions.Expect(page[".field-error"]).ToContainTextAsync("“tael” is no colour");
        page.HadNoErrors();
    }

    [Fact]
    public async Task A_place_on_the_wheel_becomes_a_colour_and_arrows_move_it()
    {
        await using OpenPage page = await fixture.OpenAsync();
        await page.TilesAsync();
        await page.AnswerToAsync(Search, () => page[".wheel"].ClickAsync(new LocatorClickOptions { Position = new Position { X = 200, Y = 120 } }));
        ILocator handle = page[".wheel-handle"];
        string? before = await handle.GetAttributeAsync("aria-valuetext");
        await page.AnswerToAsync(Search, () => handle.PressAsync("ArrowRight"));
        Assert.NotEqual(before, await handle.GetAttributeAsync("aria-valuetext"));
        Assert.StartsWith("/?tab=colors&c=", page.Address, StringComparison.Ordinal);
        page.HadNoErrors();
    }

    [Fact]
    public async Task A_dragged_divider_changes_two_weights_and_repaints()
    {
        await using OpenPage page = await fixture.OpenAsync("/?tab=colors&c=0000ff:0.5,ff8800:0.5");
        await page.TilesAsync();
        // Waits until the divider no longer moves: the bar becomes narrower when the grid below gets a scroll bar.
        await page[".weights-divider"].First.HoverAsync();
        LocatorBoundingBoxResult bar = (await page[".weights"].BoundingBoxAsync())!;
        await page.Page.Mouse.DownAsync();
        await page.AnswerToAsync(Search, () => page.Page.Mouse.MoveAsync(bar.X + bar.Width * 0.8f, bar.Y + 20, new MouseMoveOptions { Steps = 8 }));
        await page.Page.Mouse.UpAsync();
        await page.Page.WaitForFunctionAsync("() => !location.search.includes('0000ff:0.5')");
        string address = page.Address;
        double first = double.Parse(address.Split("0000ff:")[1].Split(',')[0], CultureInfo.InvariantCulture);
        Assert.InRange(first, 0.78, 0.82);
        page.HadNoErrors();
    }

    [Fact]
    public async Task The_time_to_repaint_is_measured()
    {
        await using OpenPage page = await fixture.OpenAsync("/?tab=colors&c=0000ff:0.5,ff8800:0.3");
        await page.TilesAsync();
        ILocator divider = page[".weights-divider"].First;
        for (int i = 0; i < 12; i++)
            await page.AnswerToAsync(Search, () => divider.PressAsync(i < 6 ? "ArrowRight" : "ArrowLeft"));
        double[] times = [.. (await page.Page.EvaluateAsync<double[]>("() => performance.getEntriesByName('repaint').map(entry => entry.duration)")).Order()];
        Assert.True(times.Length >= 12, $"{times.Length} repaints were measured of 12 changes.");
        output.WriteLine($"A changed weight repaints in {times[times.Length / 2]:0} ms at the median of {times.Length} ({PageFixture.Images} images).");
    }

    [Fact]
    public async Task An_image_shows_its_palette_whose_swatches_search()
    {
        await using OpenPage page = await fixture.OpenAsync();
        await page.TilesAsync();
        await page[".tile button"].First.ClickAsync(OpenPage.Press);
        await page.Page.WaitForSelectorAsync(".palette button");
        await Assertions.Expect(page[".detail h2"]).ToContainTextAsync(".png");
        await page.ShootAsync("colors-detail-1280-light");
        JsonElement answer = await page.AnswerToAsync(Search, () => page[".palette button"].First.ClickAsync(OpenPage.Press));
        Assert.True(answer.GetProperty("results").GetArrayLength() > 0);
        await Assertions.Expect(page[".detail"]).ToBeHiddenAsync();
        page.HadNoErrors();
    }

    [Fact]
    public async Task More_like_this_shows_what_is_near_the_image()
    {
        await using OpenPage page = await fixture.OpenAsync();
        string id = (await page.TilesAsync())[3];
        await page[$".tile[data-id='{id}'] button"].ClickAsync(OpenPage.Press);
        JsonElement answer = await page.AnswerToAsync($"/api/colors/images/{id}/similar", () => page["text=More like this"].ClickAsync(OpenPage.Press));
        Assert.Equal(answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("id").GetString()), await page.TilesAsync());
        Assert.Equal($"/?tab=colors&like={id}", page.Address);
        page.HadNoErrors();
    }

    [Fact]
    public async Task Filters_keep_their_count()
    {
        await using OpenPage page = await fixture.OpenAsync();
        await page.TilesAsync();
        ILocator chip = page[".facet-chips .chip:visible"].First;
        int count = int.Parse(await chip.Locator(".count").InnerTextAsync(), CultureInfo.InvariantCulture);
        JsonElement answer = await page.AnswerToAsync(Search, () => chip.ClickAsync(OpenPage.Press));
        Assert.Equal(count, answer.GetProperty("total").GetInt32());
        await Assertions.Expect(chip).ToHaveAttributeAsync("aria-pressed", "true");
        answer = await page.AnswerToAsync(Search, () => chip.ClickAsync(OpenPage.Press));
        Assert.Equal(PageFixture.Images, answer.GetProperty("total").GetInt32());
        answer = await page.AnswerToAsync(Search, () => page[".facet-folder"].SelectOptionAsync("beach"));
        Assert.Equal(PageFixture.Images / 3, answer.GetProperty("total").GetInt32());
        page.HadNoErrors();
    }

    [Fact]
    public async Task An_excluded_colour_changes_what_comes_first()
    {
        await using OpenPage page = await fixture.OpenAsync("/?tab=colors&c=ff0000:0.5,0000ff:0.5");
        IReadOnlyList<string> before = await page.TilesAsync();
        await page.AnswerToAsync(Search, () => page["[aria-label='Exclude blue']"].ClickAsync(OpenPage.Press));
        Assert.NotEqual(before, await page.TilesAsync());
        Assert.Equal("/?tab=colors&c=ff0000:1&x=0000ff", page.Address);
        page.HadNoErrors();
    }

    [Fact]
    public async Task A_chosen_image_file_becomes_colours()
    {
        await using OpenPage page = await fixture.OpenAsync();
        await page.TilesAsync();
        await page["#image-file"].SetInputFilesAsync(fixture.ImageFile);
        await page.Page.WaitForURLAsync("**/?tab=colors&c=*");
        Assert.True(await page[".chosen li"].CountAsync() > 0);
        page.HadNoErrors();
    }

    [Fact]
    public async Task Scrolling_brings_the_rest()
    {
        await using OpenPage page = await fixture.OpenAsync();
        await page.TilesAsync();
        await page[".grid-end"].ScrollIntoViewIfNeededAsync();
        await page.Page.WaitForFunctionAsync("() => document.querySelectorAll('.tile').length === 120");
        page.HadNoErrors();
    }

    [Fact]
    public async Task The_keyboard_alone_searches_and_opens_an_image()
    {
        await using OpenPage page = await fixture.OpenAsync();
        await page.TilesAsync();
        await page["#tab-colors"].FocusAsync();
        await page.TabToAsync("color-text");
        await page.Page.Keyboard.TypeAsync("#ff8800");
        await page.AnswerToAsync(Search, () => page.Page.Keyboard.PressAsync("Enter"));
        await page.TabToAsync(".tile button");
        string first = await page.FocusedAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        Assert.NotEqual(first, await page.FocusedAsync());
        await page.Page.Keyboard.PressAsync("ArrowDown");
        string opened = await page.FocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page[".detail"]).ToBeVisibleAsync();
        await Assertions.Expect(page[".detail header .icon-button"]).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page[".detail"]).ToBeHiddenAsync();
        Assert.Equal(opened, await page.FocusedAsync());
        page.HadNoErrors();
    }
}

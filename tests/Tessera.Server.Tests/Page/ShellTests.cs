using Microsoft.Playwright;

namespace Tessera.Server.Tests.Page;

[Collection(PageTests.Name)]
public sealed class ShellTests(PageFixture fixture)
{
    public static TheoryData<string, string> Tabs => new()
    {
        { "colors", "/?tab=colors&c=ff8800:0.5,0000ff:0.3" },
        { "hierarchy", "/?tab=hierarchy" },
        { "music", "/?tab=music&made=1" },
    };

    private static readonly Dictionary<string, string> Ready = new() { ["colors"] = ".tile.loaded", ["hierarchy"] = ".member", ["music"] = ".patterns li" };

    [Theory]
    [MemberData(nameof(Tabs))]
    public async Task A_narrow_screen_needs_no_sideways_scroll(string tab, string address)
    {
        await using OpenPage page = await fixture.OpenAsync(address, width: 380, height: 780);
        await page[Ready[tab]].First.WaitForAsync();
        Assert.True(await page.FitsAsync());
        await page.ShootAsync($"{tab}-380-light");
        page.HadNoErrors();
    }

    [Theory]
    [MemberData(nameof(Tabs))]
    public async Task Dark_follows_the_system_and_the_switch_changes_and_keeps_it(string tab, string address)
    {
        await using OpenPage page = await fixture.OpenAsync(address, scheme: ColorScheme.Dark);
        await page[Ready[tab]].First.WaitForAsync();
        Assert.Equal("rgb(20, 20, 20)", await Ground(page));
        await page.ShootAsync($"{tab}-1280-dark");
        await page["#theme"].ClickAsync(OpenPage.Press);
        Assert.Equal("rgb(255, 255, 255)", await Ground(page));
        await page.Page.ReloadAsync();
        Assert.Equal("rgb(255, 255, 255)", await Ground(page));
        page.HadNoErrors();
    }

    [Theory]
    [InlineData("/?tab=colors&c=ff8800:0.5,0000ff:0.3&x=ffffff&folder=beach")]
    [InlineData("/?tab=hierarchy")]
    [InlineData("/?tab=music&parent=rock&seed=9")]
    public async Task An_address_comes_back_as_it_was(string address)
    {
        await using OpenPage page = await fixture.OpenAsync(address);
        await page["[role=tabpanel]:visible h1"].WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        string other = address.Contains("music", StringComparison.Ordinal) ? "colors" : "music";
        await page[$"#tab-{other}"].ClickAsync(OpenPage.Press);
        await page[$"#panel-{other} h1"].WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        Assert.StartsWith($"/?tab={other}", page.Address, StringComparison.Ordinal);
        await page.Page.GoBackAsync();
        Assert.Equal(address, page.Address);
        await page.Page.ReloadAsync();
        Assert.Equal(address, page.Address);
        page.HadNoErrors();
    }

    [Fact]
    public async Task Back_and_forward_go_through_what_was_searched()
    {
        await using OpenPage page = await fixture.OpenAsync("/?tab=colors&c=ff0000:1");
        IReadOnlyList<string> red = await page.TilesAsync();
        await page.AnswerToAsync("/api/colors/search", async () =>
        {
            await page["#color-text"].FillAsync("blue");
            await page["#color-text"].PressAsync("Enter");
        });
        IReadOnlyList<string> both = await page.TilesAsync();
        await page.AnswerToAsync("/api/colors/search", () => page.Page.GoBackAsync());
        Assert.Equal(red, await page.TilesAsync());
        await page.AnswerToAsync("/api/colors/search", () => page.Page.GoForwardAsync());
        Assert.Equal(both, await page.TilesAsync());
        Assert.Equal("/?tab=colors&c=ff0000:0.5,0000ff:0.5", page.Address);
        page.HadNoErrors();
    }

    [Fact]
    public async Task Arrows_change_the_tab()
    {
        await using OpenPage page = await fixture.OpenAsync("/?tab=colors");
        await page["#tab-colors"].PressAsync("ArrowRight");
        await Assertions.Expect(page["#tab-hierarchy"]).ToBeFocusedAsync();
        await Assertions.Expect(page["#tab-hierarchy"]).ToHaveAttributeAsync("aria-selected", "true");
        await Assertions.Expect(page["#panel-hierarchy"]).ToBeVisibleAsync();
        await Assertions.Expect(page["#panel-colors"]).ToBeHiddenAsync();
        page.HadNoErrors();
    }

    [Theory]
    [InlineData("colors", "--colors")]
    [InlineData("hierarchy", "--code")]
    [InlineData("music", "--music")]
    public async Task A_tab_without_its_system_says_what_loads_it(string tab, string option)
    {
        (TesseraServer server, OpenPage page) = await fixture.OpenBareAsync($"/?tab={tab}");
        await using (server)
        await using (page)
        {
            await Assertions.Expect(page[$"#panel-{tab} .empty code"]).ToContainTextAsync($"tessera serve {option}");
        }
    }

    private static Task<string> Ground(OpenPage page) => page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
}

using System.Text.Json;
using Microsoft.Playwright;

namespace Tessera.Server.Tests.Page;

[Collection(PageTests.Name)]
public sealed class HierarchyTabTests(PageFixture fixture)
{
    private const string Tree = "/?tab=hierarchy";

    [Fact]
    public async Task A_tree_is_painted_and_told_to_readers()
    {
        await using OpenPage page = await Opened(fixture);
        Assert.True(await page.PaintedAsync(".icicle") > 0.5);
        Assert.True(await page["[role=treeitem]"].CountAsync() > 3);
        await Assertions.Expect(page[".node-panel h2"]).ToHaveTextAsync("shop");
        await Assertions.Expect(page[".member"].First).ToBeVisibleAsync();
        await page.ShootAsync("hierarchy-1280-light");
        page.HadNoErrors();
    }

    [Fact]
    public async Task A_tree_that_is_still_loading_can_be_chosen_once_it_is_there()
    {
        await using OpenPage page = await fixture.OpenAsync();
        int asked = 0;
        await page.Page.RouteAsync("**/api/trees", async route =>
        {
            string state = asked++ < 3 ? "loading" : "ready";
            await route.FulfillAsync(new RouteFulfillOptions
            {
                ContentType = "application/json",
                Body = $$"""{"trees":[{"name":"shop","kind":"code","title":"shop","nodes":9,"leaves":5,"depth":2,"state":"ready"},{"name":"large","kind":"code","title":"large","nodes":0,"leaves":0,"depth":0,"state":"{{state}}"}]}""",
            });
        });
        await page.GoAsync(Tree);
        ILocator large = page[".tree-chooser option[value=large]"];
        await Assertions.Expect(large).ToBeDisabledAsync();
        await Assertions.Expect(large).ToHaveTextAsync("Code map: large (loading …)");
        await Assertions.Expect(page[".node-panel h2"]).ToHaveTextAsync("shop");
        await Assertions.Expect(large).ToBeEnabledAsync();
        await Assertions.Expect(page[".tree-chooser"]).ToHaveValueAsync("shop");
        Assert.Equal(4, asked);
        page.HadNoErrors();
    }

    [Fact]
    public async Task A_click_zooms_and_a_crumb_zooms_out()
    {
        await using OpenPage page = await Opened(fixture);
        await page[".icicle"].ClickAsync(new LocatorClickOptions { Position = new Position { X = 160, Y = 40 } });
        await Assertions.Expect(page[".crumbs li"]).ToHaveCountAsync(2);
        Assert.StartsWith(Tree + "&node=", page.Address, StringComparison.Ordinal);
        await page[".crumbs button"].First.ClickAsync(OpenPage.Press);
        await Assertions.Expect(page[".crumbs li"]).ToHaveCountAsync(1);
        Assert.Equal(Tree, page.Address);
        page.HadNoErrors();
    }

    [Fact]
    public async Task Pointing_at_a_node_shows_its_members()
    {
        await using OpenPage page = await Opened(fixture);
        await page[".icicle"].HoverAsync(new LocatorHoverOptions { Position = new Position { X = 160, Y = 40 } });
        await Assertions.Expect(page[".node-panel h2"]).Not.ToHaveTextAsync("shop");
        await Assertions.Expect(page[".member"].First).ToBeVisibleAsync();
        page.HadNoErrors();
    }

    [Fact]
    public async Task A_hit_of_the_search_is_zoomed_to_and_its_path_stands_out()
    {
        await using OpenPage page = await Opened(fixture);
        JsonElement answer = await page.AnswerToAsync("/api/trees/shop/search", () => page[".finder input"].FillAsync("MergeParcel"));
        JsonElement first = answer.GetProperty("hits")[0];
        await page[".finder input"].PressAsync("Enter");
        await Assertions.Expect(page[".node-panel h2"]).ToHaveTextAsync(first.GetProperty("label").GetString()!);
        await Assertions.Expect(page[".source"]).ToContainTextAsync("MergeParcel");
        Assert.Contains($"hit={first.GetProperty("id").GetString()}", page.Address, StringComparison.Ordinal);
        await page.ShootAsync("hierarchy-hit-1280-light");
        page.HadNoErrors();
    }

    [Fact]
    public async Task The_keyboard_walks_down_and_up()
    {
        await using OpenPage page = await Opened(fixture);
        ILocator outline = page["[role=tree]"];
        await outline.FocusAsync();
        await outline.PressAsync("ArrowRight");
        await outline.PressAsync("ArrowDown");
        string? marked = await outline.GetAttributeAsync("aria-activedescendant");
        Assert.NotNull(marked);
        string name = await page[$"#{marked.Replace(".", "\\.", StringComparison.Ordinal)}"].GetAttributeAsync("aria-label") ?? "";
        await Assertions.Expect(page[".node-panel h2"]).ToHaveTextAsync(name[..name.LastIndexOf(',')]);
        await outline.PressAsync("Enter");
        await Assertions.Expect(page[".crumbs li"]).ToHaveCountAsync(2);
        await outline.PressAsync("Escape");
        await Assertions.Expect(page[".crumbs li"]).ToHaveCountAsync(1);
        Assert.Equal(marked, await outline.GetAttributeAsync("aria-activedescendant"));
        page.HadNoErrors();
    }

    private static async Task<OpenPage> Opened(PageFixture fixture)
    {
        OpenPage page = await fixture.OpenAsync(Tree);
        await page.Page.WaitForSelectorAsync("[role=treeitem]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        return page;
    }
}

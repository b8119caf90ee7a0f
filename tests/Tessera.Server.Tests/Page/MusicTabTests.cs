using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Tessera.Server.Tests.Page;

[Collection(PageTests.Name)]
public sealed class MusicTabTests(PageFixture fixture)
{
    private const string Sample = "/api/music/sample";

    [Fact]
    public async Task Music_is_generated_seen_and_played()
    {
        await using OpenPage page = await fixture.OpenAsync("/?tab=music");
        await page["text=Generate >> visible=true"].First.WaitForAsync();
        JsonElement answer = await page.AnswerToAsync(Sample, () => page["button[type=submit]:visible"].ClickAsync(OpenPage.Press));
        Assert.True(answer.GetProperty("notes").GetArrayLength() > 0);
        await Assertions.Expect(page[".roll"]).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("^Piano roll: \\d+ notes"));
        Assert.True(await page.PaintedAsync(".roll-canvas") > 0.01);
        Assert.True(await page[".patterns li"].CountAsync() > 0);
        await page.ShootAsync("music-1280-light");

        await page["[aria-label=Play]"].ClickAsync(OpenPage.Press);
        await page.Page.WaitForFunctionAsync("() => Number(document.querySelector('.position').value) > 0.3");
        await page["[aria-label=Pause]"].ClickAsync(OpenPage.Press);
        double at = await Position(page);
        await page[".position"].PressAsync("Home");
        Assert.True(await Position(page) < at);
        await Assertions.Expect(page["[aria-label=Play]"]).ToBeVisibleAsync();
        page.HadNoErrors();
    }

    [Fact]
    public async Task The_midi_file_is_what_the_server_made()
    {
        await using OpenPage page = await fixture.OpenAsync("/?tab=music");
        await page["button[type=submit]:visible"].WaitForAsync();
        JsonElement answer = await page.AnswerToAsync(Sample, () => page["button[type=submit]:visible"].ClickAsync(OpenPage.Press));
        IDownload download = await page.Page.RunAndWaitForDownloadAsync(() => page[".transport a"].ClickAsync(OpenPage.Press));
        Assert.EndsWith("-1.mid", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Equal(answer.GetProperty("midiBase64").GetBytesFromBase64(), await File.ReadAllBytesAsync(await download.PathAsync()));
        page.HadNoErrors();
    }

    [Fact]
    public async Task The_address_of_made_music_makes_it_again()
    {
        await using OpenPage page = await fixture.OpenAsync("/?tab=music");
        await page["input[type=number]"].FillAsync("7");
        await page["input[type=number]"].PressAsync("Tab");
        JsonElement made = await page.AnswerToAsync(Sample, () => page["button[type=submit]:visible"].ClickAsync(OpenPage.Press));
        string address = page.Address;
        Assert.Contains("seed=7", address, StringComparison.Ordinal);
        JsonElement again = await page.AnswerToAsync(Sample, () => page.GoAsync(address));
        Assert.Equal(made.GetProperty("tokens").GetString(), again.GetProperty("tokens").GetString());
        page.HadNoErrors();
    }

    private static async Task<double> Position(OpenPage page) => double.Parse(await page[".position"].InputValueAsync(), CultureInfo.InvariantCulture);
}

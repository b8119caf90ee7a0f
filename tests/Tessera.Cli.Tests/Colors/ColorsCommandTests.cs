using System.Text.Json;
using Tessera.Cli.Tests.Hosting;
using Tessera.Colors.Evaluation;
using Tessera.Colors.Images;

namespace Tessera.Cli.Tests.Colors;

public sealed class ColorsCommandTests : IDisposable
{
    private static readonly PlantedCollection Planted = PlantedCollection.Generate(10, 4, 3);
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_folder_is_indexed_searched_and_indexed_again()
    {
        string index = Index();
        JsonElement found = CommandLine.Run("colors", "search", "white", "--index", index, "-k", "4", "--facets", "--json").Json();
        JsonElement[] images = [.. found.GetProperty("images").EnumerateArray()];

        Assert.Equal(4, images.Length);
        Assert.All(images, image => Assert.StartsWith("palette-000/", image.GetProperty("path").GetString(), StringComparison.Ordinal));
        Assert.InRange(images[0].GetProperty("similarity").GetDouble(), 0.9, 1);
        Assert.True(found.GetProperty("milliseconds").GetProperty("total").GetDouble() > 0);
        Assert.Equal(40, found.GetProperty("facets").GetProperty("images").GetInt32());

        File.WriteAllText(_workspace["images/palette-000/broken.png"], "no image");
        JsonElement again = CommandLine.Run("colors", "index", _workspace["images"], "--out", index, "--json").Json();
        Assert.Equal(40, again.GetProperty("unchanged").GetInt32());
        Assert.Equal("palette-000/broken.png", Assert.Single(again.GetProperty("broken").EnumerateArray()).GetProperty("path").GetString());
        JsonElement info = CommandLine.Run("colors", "info", "--index", index, "--json").Json();
        Assert.Equal((40, 1), (info.GetProperty("images").GetInt32(), info.GetProperty("broken").GetArrayLength()));
    }

    [Fact]
    public void Filters_exclusions_and_images_are_taken()
    {
        string index = Index();
        JsonElement inFolder = CommandLine.Run("colors", "search", "red:0.2,*", "--index", index, "--folder", "palette-003", "--through-index", "--json").Json();
        JsonElement without = CommandLine.Run("colors", "search", "white", "--exclude", "white:0.1", "--index", index, "-k", "40", "--json").Json();
        JsonElement like = CommandLine.Run("colors", "search", "--image", _workspace["images/palette-002/00008.png"], "--index", index, "-k", "1", "--json").Json();
        JsonElement likeId = CommandLine.Run("colors", "search", "--like", "1", "--index", index, "-k", "3", "--json").Json();

        Assert.All(inFolder.GetProperty("images").EnumerateArray(), image => Assert.StartsWith("palette-003/", image.GetProperty("path").GetString(), StringComparison.Ordinal));
        Assert.Equal(4, inFolder.GetProperty("images").GetArrayLength());
        Assert.DoesNotContain(without.GetProperty("images").EnumerateArray(), image => image.GetProperty("path").GetString()!.StartsWith("palette-000/", StringComparison.Ordinal));
        Assert.Equal("palette-002/00008.png", like.GetProperty("images")[0].GetProperty("path").GetString());
        Assert.All(likeId.GetProperty("images").EnumerateArray(), image => Assert.NotEqual(1, image.GetProperty("id").GetInt64()));
    }

    [Fact]
    public void The_answers_can_be_a_page()
    {
        string index = Index();

        CommandLineResult result = CommandLine.Run("colors", "search", "white", "--index", index, "--html", _workspace["page.html"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("palette-000/00000.png", result.Output, StringComparison.Ordinal);
        Assert.Contains("palette-000/00000.png\"", File.ReadAllText(_workspace["page.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_palette_is_shown_and_can_be_asked_for()
    {
        Index();

        JsonElement palette = CommandLine.Run("colors", "palette", _workspace["images/palette-001/00004.png"], "-k", "3", "--json").Json();

        Assert.Equal((64, 64), (palette.GetProperty("width").GetInt32(), palette.GetProperty("height").GetInt32()));
        Assert.InRange(palette.GetProperty("palette").GetArrayLength(), 2, 3);
        Assert.Equal(0, CommandLine.Run("colors", "search", palette.GetProperty("query").GetString()!, "--index", _workspace["i"], "--json").ExitCode);
    }

    [Fact]
    public void An_index_is_measured_and_tuned()
    {
        string index = Index();

        JsonElement bench = CommandLine.Run("colors", "bench", "--index", index, "--queries", "2", "--json").Json();
        JsonElement tune = CommandLine.Run("colors", "tune", "--index", index, "--apply", "--json").Json();

        Assert.All(bench.GetProperty("as_set").EnumerateArray(), row => Assert.Equal(1, row.GetProperty("recall").GetDouble()));
        Assert.True(tune.GetProperty("applied").GetBoolean());
        Assert.Equal(4, CommandLine.Run("colors", "search", "white", "--index", index, "-k", "4", "--through-index", "--json").Json().GetProperty("images").GetArrayLength());
    }

    [Fact]
    public void What_is_wrong_is_told_in_one_line()
    {
        string index = Index();

        Assert.Contains("did you mean blue?", CommandLine.Run("colors", "search", "red:0.5,bleu:0.5", "--index", index).Failure(2), StringComparison.Ordinal);
        Assert.Contains("one of them", CommandLine.Run("colors", "search", "--index", index).Failure(2), StringComparison.Ordinal);
        Assert.Contains("one of them", CommandLine.Run("colors", "search", "red", "--like", "1", "--index", index).Failure(2), StringComparison.Ordinal);
        Assert.Contains("no index of images", CommandLine.Run("colors", "search", "red", "--index", _workspace["nowhere"]).Failure(1), StringComparison.Ordinal);
        Assert.Contains("no image 999", CommandLine.Run("colors", "search", "--like", "999", "--index", index).Failure(1), StringComparison.Ordinal);
        Assert.Contains("no such folder", CommandLine.Run("colors", "index", _workspace["nowhere"], "--out", _workspace["x"]).Failure(1), StringComparison.Ordinal);
        Assert.Contains("keep one for each folder", CommandLine.Run("colors", "index", index, "--out", index).Failure(1), StringComparison.Ordinal);
        Assert.Contains("--class is", CommandLine.Run("colors", "search", "red", "--index", index, "--class", "infrared").Failure(2), StringComparison.Ordinal);
        CommandLine.Run("colors", "palette", Path.Combine(index, "catalog.db")).Failure(1);
    }

    private string Index()
    {
        Assert.SkipWhen(VipsImageDecoder.Unavailable is not null, "libvips is not installed here.");
        Planted.WriteTo(_workspace["images"]);
        JsonElement result = CommandLine.Run("colors", "index", _workspace["images"], "--out", _workspace["i"], "--json").Json();
        Assert.Equal((40, 40), (result.GetProperty("images").GetInt32(), result.GetProperty("added").GetInt32()));
        return _workspace["i"];
    }
}

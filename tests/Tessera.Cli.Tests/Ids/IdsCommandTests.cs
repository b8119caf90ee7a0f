using System.Text.Json;
using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Ids;

public sealed class IdsCommandTests(IdsWorkspace fitted) : IClassFixture<IdsWorkspace>
{
    [Theory]
    [InlineData("rqkmeans")]
    [InlineData("balanced")]
    [InlineData("rqvae")]
    [InlineData("rqkmeans+")]
    public void Every_method_fits_encodes_and_is_measured(string method)
    {
        using var workspace = new Workspace();
        JsonElement fit = CommandLine.Run(
            "ids", "fit", fitted.Vectors, "--method", method, "--clusters", "8,6", "--levels", "2", "--epochs", "2", "--layers", "16", "--out", workspace["m"], "--json").Json();
        Assert.Equal(["items", "dimension", "method", "clusters", "bits", "fit_seconds"], fit.Names());
        Assert.Equal(method, fit.GetProperty("method").GetString());
        JsonElement quality = CommandLine.Run("ids", "evaluate", workspace["m"], fitted.Vectors, "--queries", "100", "--json").Json();
        Assert.Equal(1500, quality.Number("items"));
        Assert.InRange(quality.Number("relative_error"), 0, 1.2);
        Assert.InRange(quality.Number("unique_codes"), 5, 48);
        JsonElement encoded = CommandLine.Run("ids", "encode", workspace["m"], fitted.Vectors, "--json").Json();
        Assert.Equal(quality.Number("unique_codes"), encoded.Number("unique_ids"));
    }

    [Fact]
    public void Balance_is_an_option_of_its_own_name()
    {
        using var workspace = new Workspace();
        CommandLine.Run("ids", "fit", fitted.Vectors, "--balanced", "--clusters", "10", "--levels", "2", "--out", workspace["m"], "--json").Json();
        JsonElement quality = CommandLine.Run("ids", "evaluate", workspace["m"], fitted.Vectors, "--queries", "50", "--json").Json();
        Assert.Equal([150, 150], quality.GetProperty("largest").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Contains("--balanced", CommandLine.Run("ids", "fit", fitted.Vectors, "--balanced", "--method", "rqvae", "--out", workspace["x"]).Failure(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_are_printed_as_lines_of_item_and_id()
    {
        CommandLineResult result = CommandLine.Run("ids", "encode", fitted.Model, fitted.Vectors);
        Assert.Equal(0, result.ExitCode);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1500, lines.Length);
        Assert.Matches(@"^0\t\d-\d-\d$", lines[0].TrimEnd());
        Assert.Matches(@"^<a_\d><b_\d><c_\d>$", CommandLine.Run("ids", "encode", fitted.Model, fitted.Vectors, "--tokens").Output.Split('\n')[0].Split('\t')[1].TrimEnd());
    }

    [Theory]
    [InlineData("json:ids.json")]
    [InlineData("sqlite:ids.db")]
    public void Unique_ids_are_the_same_the_next_time(string store)
    {
        using var workspace = new Workspace();
        string kept = store.Replace(":", $":{workspace.Folder}/", StringComparison.Ordinal);
        string[] args = ["ids", "encode", fitted.Model, fitted.Vectors, "--unique", "--store", kept, "--next-best", "2", "--out"];
        JsonElement result = CommandLine.Run([.. args, workspace["one.tsv"], "--json"]).Json();
        Assert.Equal((1500.0, 1500.0), (result.Number("items"), result.Number("unique_ids")));
        Assert.True(result.Number("suffixed") > 0);
        CommandLine.Run([.. args, workspace["two.tsv"], "--json"]).Json();
        Assert.Equal(File.ReadAllBytes(workspace["one.tsv"]), File.ReadAllBytes(workspace["two.tsv"]));
    }

    [Fact]
    public void Texts_are_learnt_named_and_found()
    {
        using var workspace = new Workspace();
        CommandLine.Run("ids", "encode", fitted.ProductModel, fitted.Products, "--unique", "--out", workspace["ids.tsv"], "--json").Json();
        string[] lines = File.ReadAllLines(workspace["ids.tsv"]);
        Assert.Equal(Enumerable.Range(0, 120).Select(i => $"P{i}"), lines.Select(line => line.Split('\t')[0]));
        string first = lines[0].Split('\t')[1].Split('-')[0];
        JsonElement found = CommandLine.Run("ids", "find", fitted.ProductModel, first, "--ids", workspace["ids.tsv"], "-k", "200", "--json").Json();
        string[] expected = [.. lines.Where(line => line.Split('\t')[1].StartsWith(first + "-", StringComparison.Ordinal)).Select(line => line.Split('\t')[0])];
        Assert.Equal(expected.Length, found.Number("count"));
        Assert.Equal(expected.Order(), found.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item").GetString()!).Order());
        Assert.Equal(
            expected.Select(item => int.Parse(lines.First(line => line.StartsWith(item + "\t", StringComparison.Ordinal)).Split('\t')[1].Split('-')[1])).Distinct().Order(),
            found.GetProperty("next_codes").EnumerateArray().Select(code => code.GetInt32()));
    }

    [Fact]
    public void Where_nothing_is_under_a_prefix_the_nearest_are_shown()
    {
        using var workspace = new Workspace();
        File.WriteAllText(workspace["ids.tsv"], "a\t1-2-3\nb\t1-2-4-1\nc\t5-5-5\n");
        JsonElement found = CommandLine.Run("ids", "find", fitted.Model, "1-2-7", "--ids", workspace["ids.tsv"], "--json").Json();
        Assert.Equal(0, found.Number("count"));
        Assert.Equal(["a", "b"], found.GetProperty("nearest").EnumerateArray().Select(item => item.GetProperty("item").GetString()));
        Assert.Contains("share most", CommandLine.Run("ids", "find", fitted.Model, "<a_1><b_2><c_7>", "--ids", workspace["ids.tsv"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_is_a_table_a_csv_file_and_a_plot()
    {
        using var workspace = new Workspace();
        JsonElement result = CommandLine.Run(
            "ids", "sweep", fitted.Vectors, "--levels", "1,2", "--clusters", "4,8", "--method", "rqkmeans,balanced", "--csv", workspace["s.csv"], "--plot", workspace["s.svg"], "--json").Json();
        Assert.Equal(8, result.GetProperty("rows").GetArrayLength());
        string[] lines = File.ReadAllLines(workspace["s.csv"]);
        Assert.Equal(9, lines.Length);
        Assert.All(lines, line => Assert.Equal(13, line.Split(',').Length));
        string plot = File.ReadAllText(workspace["s.svg"]);
        Assert.StartsWith("<svg", plot, StringComparison.Ordinal);
        Assert.Contains("balanced: recall@10", plot, StringComparison.Ordinal);
        Assert.Contains("perplexity", CommandLine.Run("ids", "sweep", fitted.Vectors, "--levels", "1", "--clusters", "4").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_best_codes_lower_the_collisions_that_are_measured()
    {
        string[] args = ["ids", "evaluate", fitted.Model, fitted.Vectors, "--queries", "50", "--json"];
        Assert.True(CommandLine.Run([.. args, "--next-best", "7"]).Json().Number("collision_rate") < CommandLine.Run(args).Json().Number("collision_rate"));
    }

    [Fact]
    public void People_get_tables_and_the_next_command()
    {
        using var workspace = new Workspace();
        Assert.Contains("tessera ids evaluate", CommandLine.Run("ids", "fit", fitted.Products, "--levels", "2", "--clusters", "4", "--out", workspace["m"]).Output, StringComparison.Ordinal);
        Assert.Contains("perplexity by level", CommandLine.Run("ids", "evaluate", fitted.Model, fitted.Vectors, "--queries", "20").Output, StringComparison.Ordinal);
        Assert.Contains("1,500 items", CommandLine.Run("ids", "encode", fitted.Model, fitted.Vectors, "--out", workspace["i.tsv"]).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--store", "file.db")]
    [InlineData("--store", "memory:x")]
    [InlineData("--store", "sqlite:")]
    public void A_store_that_cannot_be_is_wrong_usage(string option, string value) =>
        Assert.Contains("--store", CommandLine.Run("ids", "encode", fitted.Model, fitted.Vectors, "--unique", option, value).Failure(2), StringComparison.Ordinal);

    [Fact]
    public void What_does_not_fit_the_model_is_told_in_one_line()
    {
        using var workspace = new Workspace();
        string other = workspace.WriteClustered("other.npy", 20, 5, 1);
        Assert.Contains("dimension 5", CommandLine.Run("ids", "encode", fitted.Model, other).Failure(1), StringComparison.Ordinal);
        Assert.Contains("fitted on vectors", CommandLine.Run("ids", "encode", fitted.Model, fitted.Products).Failure(1), StringComparison.Ordinal);
        Assert.Contains("metadata.json", CommandLine.Run("ids", "evaluate", workspace["nothing"], other).Failure(1), StringComparison.Ordinal);
        Assert.Contains("20 items", CommandLine.Run("ids", "fit", other, "--out", workspace["m"]).Failure(2), StringComparison.Ordinal);
        Assert.Contains("0 to 7", CommandLine.Run("ids", "find", fitted.Model, "9", "--ids", other).Failure(2), StringComparison.Ordinal);
        Assert.Contains("--unique", CommandLine.Run("ids", "encode", fitted.Model, fitted.Vectors, "--store", "memory").Failure(2), StringComparison.Ordinal);
    }
}

using System.Xml.Linq;
using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Index;

public sealed class EvalCommandTests(IndexWorkspace built) : IClassFixture<IndexWorkspace>
{
    [Fact]
    public void Each_setting_is_a_row_and_recall_rises_with_the_probes()
    {
        var json = CommandLine.Run(
            "index", "eval", built.Ivf, "--queries", built.Queries, "--base", built.Base, "-k", "5", "--probes", "1,4,20", "--json").Json();
        Assert.Equal(["k", "queries", "rows"], json.Names());
        Assert.Equal((5, 40), ((int)json.Number("k"), (int)json.Number("queries")));
        var rows = json.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal([1, 4, 20], rows.Select(row => (int)row.Number("probes")));
        foreach (var row in rows)
        {
            Assert.Equal(["probes", "recall", "qps", "p50_ms", "p99_ms"], row.Names());
            Assert.True(row.Number("qps") > 0);
            Assert.InRange(row.Number("p50_ms"), 0, row.Number("p99_ms"));
        }

        Assert.True(rows[0].Number("recall") <= rows[1].Number("recall"));
        Assert.InRange(rows[2].Number("recall"), 0.6, 1);
    }

    [Fact]
    public void An_exact_index_has_recall_1_against_base_and_against_truth()
    {
        using var workspace = new Workspace();
        CommandLine.Run("index", "search", built.Flat, "--queries", built.Queries, "-k", "30", "--out", workspace["truth.ivecs"], "--json").Json();
        foreach (string[] against in (string[][])[["--base", built.Base], ["--truth", workspace["truth.ivecs"]]])
        {
            var json = CommandLine.Run(["index", "eval", built.Flat, "--queries", built.Queries, "-k", "10", "--batch", "0", "--json", .. against]).Json();
            Assert.Equal(1, Assert.Single(json.GetProperty("rows").EnumerateArray()).Number("recall"));
        }
    }

    [Fact]
    public void Truth_and_base_give_the_same_recall()
    {
        using var workspace = new Workspace();
        CommandLine.Run("index", "search", built.Flat, "--queries", built.Queries, "-k", "10", "--out", workspace["truth.ivecs"], "--json").Json();
        double Recall(params string[] against) => CommandLine
            .Run(["index", "eval", built.Ivf, "--queries", built.Queries, "-k", "10", "--probes", "2", "--json", .. against])
            .Json().GetProperty("rows")[0].Number("recall");
        Assert.Equal(Recall("--base", built.Base), Recall("--truth", workspace["truth.ivecs"]));
    }

    [Fact]
    public void The_plot_is_an_svg_file_with_a_titled_point_for_each_setting()
    {
        using var workspace = new Workspace();
        var result = CommandLine.Run(
            "index", "eval", built.Ivf, "--queries", built.Queries, "--base", built.Base, "--probes", "1,2,20", "--plot", workspace["recall.svg"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("recall@10", result.Output, StringComparison.Ordinal);
        XNamespace svg = "http://www.w3.org/2000/svg";
        var points = XDocument.Load(workspace["recall.svg"]).Descendants(svg + "circle").ToArray();
        Assert.Equal(3, points.Length);
        Assert.StartsWith("probes 20: recall", points[2].Element(svg + "title")!.Value, StringComparison.Ordinal);
        Assert.Equal(["recall.svg"], workspace.Files());
    }

    [Fact]
    public void Truth_that_does_not_fit_is_told_in_one_line()
    {
        using var workspace = new Workspace();
        CommandLine.Run("index", "search", built.Flat, "--queries", built.Queries, "-k", "5", "--out", workspace["short.ivecs"], "--json").Json();
        CommandLine.Run("index", "search", built.Flat, "--queries", built.Base, "-k", "10", "--out", workspace["other.ivecs"], "--json").Json();
        string[] eval = ["index", "eval", built.Ivf, "--queries", built.Queries, "-k", "10"];
        Assert.Contains("knows 5 neighbours", CommandLine.Run([.. eval, "--truth", workspace["short.ivecs"]]).Failure(1), StringComparison.Ordinal);
        Assert.Contains("2000 rows for 40 queries", CommandLine.Run([.. eval, "--truth", workspace["other.ivecs"]]).Failure(1), StringComparison.Ordinal);
        Assert.Contains("the index was built from", CommandLine.Run([.. eval, "--base", built.Queries]).Failure(1), StringComparison.Ordinal);
        Assert.Contains("give 1 to 20", CommandLine.Run([.. eval, "--base", built.Base, "--probes", "1,30"]).Failure(2), StringComparison.Ordinal);
    }
}

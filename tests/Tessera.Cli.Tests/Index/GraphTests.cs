using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Index;

/// <summary>A graph is searched with <c>--ef</c> where an inverted file has <c>--probes</c>.</summary>
public sealed class GraphTests : IClassFixture<IndexWorkspace>, IDisposable
{
    private readonly IndexWorkspace _built;
    private readonly Workspace _workspace = new();
    private readonly string _graph;

    public GraphTests(IndexWorkspace built)
    {
        _built = built;
        _graph = _workspace["graph.tsr"];
        CommandLine.Run("index", "build", built.Base, "--spec", "HNSW8", "--out", _graph, "--json").Json();
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Eval_turns_the_length_of_the_beam()
    {
        var json = CommandLine.Run(
            "index", "eval", _graph, "--queries", _built.Queries, "--base", _built.Base, "--ef", "10,300", "--passes", "1", "--json").Json();
        var rows = json.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal(["ef", "recall", "qps", "p50_ms", "p99_ms"], rows[0].Names());
        Assert.Equal([10, 300], rows.Select(row => (int)row.Number("ef")));
        Assert.InRange(rows[1].Number("recall"), Math.Max(0.95, rows[0].Number("recall")), 1);
    }

    [Fact]
    public void Tune_finds_the_length_of_the_beam()
    {
        string[] args = ["index", "tune", _graph, "--queries", _built.Queries, "--base", _built.Base, "--recall", "0.95"];
        var json = CommandLine.Run([.. args, "--json"]).Json();
        Assert.True(json.GetProperty("reached").GetBoolean());
        Assert.True(json.Number("ef") >= 10);
        Assert.Equal(["ef", "recall"], json.GetProperty("tried")[0].Names());
        Assert.Contains($"--ef {json.Number("ef")} is the cheapest setting", CommandLine.Run(args).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_names_the_beam_and_no_lists()
    {
        var json = CommandLine.Run("index", "info", _graph, "--json").Json();
        Assert.Equal("hnsw", json.GetProperty("kind").GetString());
        Assert.True(json.Number("ef") >= 1);
        Assert.False(json.TryGetProperty("lists", out _));
    }

    [Fact]
    public void A_setting_that_the_index_does_not_know_is_wrong_usage()
    {
        Assert.Contains("give --ef", CommandLine.Run("index", "search", _graph, "--queries", _built.Queries, "--probes", "3").Failure(2), StringComparison.Ordinal);
        Assert.Contains("give --probes", CommandLine.Run("index", "search", _built.Ivf, "--queries", _built.Queries, "--ef", "3").Failure(2), StringComparison.Ordinal);
        Assert.Contains(
            "leave it out",
            CommandLine.Run("index", "eval", _built.Flat, "--queries", _built.Queries, "--base", _built.Base, "--ef", "3").Failure(2), StringComparison.Ordinal);
        CommandLine.Run("index", "search", _graph, "--queries", _built.Queries, "--ef", "300", "--json").Json();
    }
}

using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Index;

/// <summary>A tree is searched with <c>--beam</c>, or with <c>--exact</c>.</summary>
public sealed class TreeTests : IClassFixture<IndexWorkspace>, IDisposable
{
    private readonly IndexWorkspace _built;
    private readonly Workspace _workspace = new();
    private readonly string _tree;

    public TreeTests(IndexWorkspace built)
    {
        _built = built;
        _tree = _workspace["tree.tsr"];
        CommandLine.Run("index", "build", built.Base, "--spec", "Tree2x6", "--out", _tree, "--json").Json();
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Eval_turns_the_number_of_leaves()
    {
        var json = CommandLine.Run(
            "index", "eval", _tree, "--queries", _built.Queries, "--base", _built.Base, "--beam", "1,36", "--passes", "1", "--json").Json();
        var rows = json.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal(["beam", "recall", "qps", "p50_ms", "p99_ms"], rows[0].Names());
        Assert.Equal([1, 36], rows.Select(row => (int)row.Number("beam")));
        Assert.InRange(rows[0].Number("recall"), 0.1, 0.99);
        Assert.Equal(1, rows[1].Number("recall"));
    }

    [Fact]
    public void Tune_finds_the_number_of_leaves()
    {
        string[] args = ["index", "tune", _tree, "--queries", _built.Queries, "--base", _built.Base, "--recall", "0.9"];
        var json = CommandLine.Run([.. args, "--json"]).Json();
        Assert.True(json.GetProperty("reached").GetBoolean());
        Assert.InRange(json.Number("beam"), 2, 36);
        Assert.Equal(["beam", "recall"], json.GetProperty("tried")[0].Names());
        Assert.Contains($"--beam {json.Number("beam")} is the cheapest setting", CommandLine.Run(args).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exact_search_writes_the_ids_that_a_flat_index_does()
    {
        CommandLine.Run("index", "search", _tree, "--queries", _built.Queries, "-k", "10", "--exact", "--out", _workspace["tree.ivecs"], "--json").Json();
        CommandLine.Run("index", "search", _built.Flat, "--queries", _built.Queries, "-k", "10", "--exact", "--out", _workspace["flat.ivecs"], "--json").Json();
        CommandLine.Run("index", "search", _tree, "--queries", _built.Queries, "-k", "10", "--beam", "1", "--out", _workspace["near.ivecs"], "--json").Json();

        Assert.Equal(File.ReadAllBytes(_workspace["flat.ivecs"]), File.ReadAllBytes(_workspace["tree.ivecs"]));
        Assert.NotEqual(File.ReadAllBytes(_workspace["flat.ivecs"]), File.ReadAllBytes(_workspace["near.ivecs"]));
    }

    [Fact]
    public void Info_names_leaves_and_beam()
    {
        var json = CommandLine.Run("index", "info", _tree, "--json").Json();
        Assert.Equal(("tree", 16), (json.GetProperty("kind").GetString(), (int)json.Number("beam")));
        Assert.InRange(json.Number("leaves"), 6, 36);
        Assert.False(json.TryGetProperty("lists", out _));
    }

    [Fact]
    public void What_an_index_cannot_do_is_wrong_usage()
    {
        Assert.Contains("give --beam", CommandLine.Run("index", "search", _tree, "--queries", _built.Queries, "--probes", "3").Failure(2), StringComparison.Ordinal);
        Assert.Contains("give --probes", CommandLine.Run("index", "search", _built.Ivf, "--queries", _built.Queries, "--beam", "3").Failure(2), StringComparison.Ordinal);
        Assert.Contains("cannot prove", CommandLine.Run("index", "search", _built.Ivf, "--queries", _built.Queries, "--exact").Failure(2), StringComparison.Ordinal);
    }
}

using System.Text.Json;
using Tessera.Cli.Tests.Hosting;
using Tessera.Vectors;

namespace Tessera.Cli.Tests.Index;

public sealed class SearchCommandTests(IndexWorkspace built) : IClassFixture<IndexWorkspace>
{
    [Fact]
    public void Few_answers_are_printed_nearest_first()
    {
        var json = CommandLine.Run("index", "search", built.Flat, "--queries", built.Queries, "-k", "5", "--json").Json();
        Assert.Equal(["queries", "k", "qps", "results"], json.Names());
        Assert.Equal((40, 5), ((int)json.Number("queries"), (int)json.Number("k")));
        Assert.True(json.Number("qps") > 0);

        var vectors = VectorFile.Read(built.Base, TestContext.Current.CancellationToken);
        var queries = VectorFile.Read(built.Queries, TestContext.Current.CancellationToken);
        Assert.Equal(40, json.GetProperty("results").GetArrayLength());
        for (int query = 0; query < 40; query++)
        {
            var expected = Enumerable.Range(0, vectors.Rows)
                .Select(id => (Id: id, Distance: Workspace.SquaredDistance(vectors[id], queries[query])))
                .OrderBy(pair => pair.Distance).Take(5).ToArray();
            JsonElement[] answers = [.. json.GetProperty("results")[query].EnumerateArray()];
            Assert.Equal(expected.Select(pair => (double)pair.Id), answers.Select(answer => answer.Number("id")));
            Assert.All(answers.Zip(expected), pair => Assert.Equal(1, pair.First.Number("distance") / pair.Second.Distance, 1e-3));
            Assert.Equal(["id", "distance"], answers[0].Names());
        }
    }

    [Fact]
    public void Many_answers_are_printed_only_when_asked_for()
    {
        string[] args = ["index", "search", built.Flat, "--queries", built.Queries, "-k", "50", "--json"];
        Assert.Equal(["queries", "k", "qps"], CommandLine.Run(args).Json().Names());
        Assert.Equal(50, CommandLine.Run([.. args, "--results"]).Json().GetProperty("results")[39].GetArrayLength());
    }

    [Fact]
    public void The_ids_are_written_as_rows()
    {
        using var workspace = new Workspace();
        CommandLine.Run("index", "search", built.Flat, "--queries", built.Base, "-k", "3", "--out", workspace["ids.ivecs"], "--json").Json();
        var (ids, k) = IdFile.Read(workspace["ids.ivecs"]);
        Assert.Equal((3, 6000), (k, ids.Length));
        // Every vector is its own nearest neighbour.
        Assert.Equal(Enumerable.Range(0, 2000), ids.Chunk(3).Select(row => row[0]));
    }

    [Fact]
    public void A_row_of_fewer_answers_than_k_is_shorter()
    {
        // One list of twenty holds fewer than all 2,000 vectors.
        var json = CommandLine.Run("index", "search", built.Ivf, "--queries", built.Queries, "-k", "2000", "--probes", "1", "--results", "--json").Json();
        Assert.All(json.GetProperty("results").EnumerateArray(), row => Assert.InRange(row.GetArrayLength(), 1, 1999));
    }

    [Fact]
    public void Inputs_that_do_not_fit_the_index_are_told_in_one_line()
    {
        using var workspace = new Workspace();
        string other = workspace.WriteClustered("other.npy", 5, 12, 1);
        string message = CommandLine.Run("index", "search", built.Flat, "--queries", other).Failure(1);
        Assert.Contains("dimension 12", message, StringComparison.Ordinal);
        Assert.Contains("give vectors of dimension 16", message, StringComparison.Ordinal);

        message = CommandLine.Run("index", "search", built.Flat, "--queries", built.Queries, "-k", "2001").Failure(2);
        Assert.Contains("give 1 to 2000", message, StringComparison.Ordinal);

        message = CommandLine.Run("index", "search", built.Ivf, "--queries", built.Queries, "--probes", "21").Failure(2);
        Assert.Contains("give 1 to 20", message, StringComparison.Ordinal);

        message = CommandLine.Run("index", "search", built.Flat, "--queries", built.Queries, "--probes", "2").Failure(2);
        Assert.Contains("leave it out", message, StringComparison.Ordinal);

        message = CommandLine.Run("index", "search", built.Base, "--queries", built.Queries).Failure(1);
        Assert.Contains("base.npy", message, StringComparison.Ordinal);
    }

    [Fact]
    public void People_get_a_table()
    {
        var result = CommandLine.Run("index", "search", built.Flat, "--queries", built.Queries, "-k", "2");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("distance", result.Output, StringComparison.Ordinal);
        Assert.Contains("queries/s", result.Output, StringComparison.Ordinal);
    }
}

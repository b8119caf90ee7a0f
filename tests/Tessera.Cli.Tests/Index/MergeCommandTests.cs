using Tessera.Cli.Tests.Hosting;
using Tessera.Indexes;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Cli.Tests.Index;

public sealed class MergeCommandTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly Matrix _all = Workspace.Clustered(1500, 16, 1);
    private readonly string _first;
    private readonly string _second;

    public MergeCommandTests()
    {
        VectorFile.Write(_workspace["1.npy"], _all.Slice(0, 1000), TestContext.Current.CancellationToken);
        VectorFile.Write(_workspace["2.npy"], _all.Slice(1000, 500), TestContext.Current.CancellationToken);
        (_first, _second) = (_workspace["1.tsr"], _workspace["2.tsr"]);
        CommandLine.Run("index", "build", _workspace["1.npy"], "--spec", "IVF20,PQ8x4,Refine(mapped)", "--metric", "cosine", "--out", _first, "--json", "--quiet").JsonOnStdout();
        CommandLine.Run("index", "build", _workspace["2.npy"], "--like", _first, "--out", _second, "--json").Json();
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Parts_built_alike_become_the_index_of_all_vectors()
    {
        string output = _workspace["all.tsr"];
        var json = CommandLine.Run("index", "merge", _first, _second, "--shift-ids", "--out", output, "--json").Json();
        Assert.Equal(["vectors", "dimension", "spec", "seconds", "file_bytes"], json.Names());
        Assert.Equal((1500, "IVF20,PQ8x4,Refine(mapped)"), ((int)json.Number("vectors"), json.GetProperty("spec").GetString()));
        Assert.Equal(new FileInfo(output).Length, (long)json.Number("file_bytes"));

        using VectorIndex index = VectorIndex.Open(output);
        Assert.Equal(Metric.Cosine, index.Metric);
        var nearest = new Neighbor[1];
        foreach (int row in (int[])[0, 999, 1000, 1499])
        {
            index.Search(_all[row], nearest, new SearchOptions { Probes = 20 });
            Assert.Equal(row, nearest[0].Id);
        }

        Assert.Equal(["1.npy", "1.tsr", "2.npy", "2.tsr", "all.tsr"], _workspace.Files());
    }

    [Fact]
    public void People_get_a_table()
    {
        var result = CommandLine.Run("index", "merge", _first, _second, "--shift-ids", "--out", _first);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("1,500 of dimension 16, from 2 indexes", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_ids_and_other_trainings_are_refused_with_what_to_do()
    {
        string output = _workspace["all.tsr"];
        string message = CommandLine.Run("index", "merge", _first, _second, "--out", output).Failure(1);
        Assert.Contains("Id 0 is in both indexes", message, StringComparison.Ordinal);
        Assert.Contains("(--shift-ids)", message, StringComparison.Ordinal);

        CommandLine.Run("index", "build", _workspace["2.npy"], "--spec", "IVF20,PQ8x4,Refine(mapped)", "--metric", "cosine", "--out", _second, "--json", "--quiet").JsonOnStdout();
        message = CommandLine.Run("index", "merge", _first, _second, "--shift-ids", "--out", output).Failure(1);
        Assert.Contains("2.tsr: The indexes are not alike: another centroid of list 0. Build one like the other (index build --like).", message, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void Like_takes_the_place_of_spec_and_metric()
    {
        Assert.Contains("--like INDEX", CommandLine.Run("index", "build", _workspace["1.npy"], "--like", _first, "--spec", "Flat", "--out", _workspace["x.tsr"]).Failure(2), StringComparison.Ordinal);
        Assert.Contains("--metric", CommandLine.Run("index", "build", _workspace["1.npy"], "--like", _first, "--metric", "l2", "--out", _workspace["x.tsr"]).Failure(2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_vector_is_found_unless_that_is_declined()
    {
        byte[] bytes = File.ReadAllBytes(_first);
        using (var file = Tessera.Storage.TsrReader.Open(_first))
            bytes[file.Find("vectors").Offset + 2] ^= 0x40;
        File.WriteAllBytes(_first, bytes);

        Assert.Contains("section 'vectors'", CommandLine.Run("index", "info", _first).Failure(1), StringComparison.Ordinal);
        CommandLine.Run("index", "info", _first, "--no-verify", "--json").Json();
        CommandLine.Run("index", "search", _first, "--queries", _workspace["1.npy"], "--no-verify", "--json").Json();
    }

    [Fact]
    public void A_folder_for_the_vectors_that_does_not_exist_is_told()
    {
        string message = CommandLine.Run("index", "build", _workspace["1.npy"], "--like", _first, "--spill", _workspace["none"], "--out", _workspace["x.tsr"]).Failure(1);
        Assert.Contains("none: no such folder", message, StringComparison.Ordinal);
    }
}

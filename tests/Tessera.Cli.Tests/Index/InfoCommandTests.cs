using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Index;

public sealed class InfoCommandTests(IndexWorkspace built) : IClassFixture<IndexWorkspace>
{
    [Fact]
    public void An_inverted_file_tells_its_lists_and_its_memory()
    {
        var json = CommandLine.Run("index", "info", built.Ivf, "--json").Json();
        Assert.Equal(["kind", "spec", "dimension", "metric", "vectors", "trained", "lists", "probes", "file_bytes", "memory"], json.Names());
        Assert.Equal(("IVF20,PQ8", "l2"), (json.GetProperty("spec").GetString(), json.GetProperty("metric").GetString()));
        Assert.Equal((16, 2000, 20, 10), ((int)json.Number("dimension"), (int)json.Number("vectors"), (int)json.Number("lists"), (int)json.Number("probes")));
        Assert.True(json.GetProperty("trained").GetBoolean());
        var memory = json.GetProperty("memory");
        Assert.Equal(
            ["code_bytes_per_vector", "raw_bytes_per_vector", "compression_ratio", "estimated_code_bytes", "measured_bytes", "measured_bytes_per_vector"],
            memory.Names());
        Assert.Equal((8, 64, 8, 16000),
            ((int)memory.Number("code_bytes_per_vector"), (int)memory.Number("raw_bytes_per_vector"), (int)memory.Number("compression_ratio"), (int)memory.Number("estimated_code_bytes")));
        Assert.True(memory.Number("measured_bytes") >= 16000);
    }

    [Fact]
    public void A_file_cut_short_is_refused_with_its_place()
    {
        using var workspace = new Workspace();
        byte[] whole = File.ReadAllBytes(built.Ivf);
        File.WriteAllBytes(workspace["cut.tsr"], whole[..(whole.Length / 2)]);
        string message = CommandLine.Run("index", "info", workspace["cut.tsr"], "--json").Failure(1);
        Assert.Contains("cut.tsr", message, StringComparison.Ordinal);
        Assert.Contains("offset", message, StringComparison.Ordinal);
    }

    [Fact]
    public void People_get_a_table()
    {
        var result = CommandLine.Run("index", "info", built.Flat);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("2,000 of dimension 16", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("lists", result.Output, StringComparison.Ordinal);
    }
}

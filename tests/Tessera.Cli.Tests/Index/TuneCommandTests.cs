using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Index;

public sealed class TuneCommandTests(IndexWorkspace built) : IClassFixture<IndexWorkspace>
{
    [Fact]
    public void The_setting_chosen_reaches_the_target_and_one_probe_less_does_not()
    {
        // More lists than the data have clusters, so that neighbours lie in several lists and one probe is not enough.
        string index = built.Files["fine.tsr"];
        CommandLine.Run("index", "build", built.Base, "--spec", "IVF100,PQ8", "--out", index, "--json", "--quiet").Json();
        string[] inputs = [index, "--queries", built.Queries, "--base", built.Base, "-k", "5", "--json"];
        double[] recalls = [.. CommandLine.Run(["index", "eval", .. inputs, "--passes", "1", "--probes", "1,2,3,4,5,6"])
            .Json().GetProperty("rows").EnumerateArray().Select(row => row.Number("recall"))];
        double target = recalls.Max();
        int cheapest = Array.FindIndex(recalls, recall => recall >= target) + 1;
        Assert.True(cheapest > 1);

        var json = CommandLine.Run(["index", "tune", .. inputs, "--recall", $"{target - 1e-9:R}"]).Json();

        Assert.Equal(["k", "queries", "target", "reached", "probes", "recall", "qps", "p50_ms", "p99_ms", "tried"], json.Names());
        Assert.True(json.GetProperty("reached").GetBoolean());
        Assert.Equal(cheapest, (int)json.Number("probes"));
        Assert.Equal(target, json.Number("recall"));
        Assert.Equal(["probes", "recall"], json.GetProperty("tried")[0].Names());
    }

    [Fact]
    public void A_target_out_of_reach_is_told_with_the_best_setting()
    {
        string[] args = ["index", "tune", built.Ivf, "--queries", built.Queries, "--base", built.Base, "-k", "100", "--recall", "1"];
        var json = CommandLine.Run([.. args, "--json"]).Json();
        Assert.False(json.GetProperty("reached").GetBoolean());
        Assert.Equal(json.GetProperty("tried").EnumerateArray().Max(step => step.Number("recall")), json.Number("recall"));
        Assert.Contains("No setting reaches recall 1", CommandLine.Run(args).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exact_index_reaches_everything_at_once()
    {
        var result = CommandLine.Run("index", "tune", built.Flat, "--queries", built.Queries, "--base", built.Base, "--recall", "1");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("--probes 1 is the cheapest setting", result.Output, StringComparison.Ordinal);
    }
}

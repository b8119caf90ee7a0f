using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Index;

public sealed class TuneCommandTests(IndexWorkspace built) : IClassFixture<IndexWorkspace>
{
    [Fact]
    public void The_setting_chosen_reaches_the_target_and_one_probe_less_does_not()
    {
        // More neighbours than lie in one list, so that one probe is not enough.
        string[] inputs = [built.Ivf, "--queries", built.Queries, "--base", built.Base, "-k", "150", "--json"];
        double RecallAt(int probes) => CommandLine
            .Run(["index", "eval", .. inputs, "--passes", "1", "--probes", $"{probes}"])
            .Json().GetProperty("rows")[0].Number("recall");
        double target = (RecallAt(1) + RecallAt(4)) / 2;
        var json = CommandLine.Run(["index", "tune", .. inputs, "--recall", $"{target:R}"]).Json();

        Assert.Equal(["k", "queries", "target", "reached", "probes", "recall", "qps", "p50_ms", "p99_ms", "tried"], json.Names());
        Assert.True(json.GetProperty("reached").GetBoolean());
        int probes = (int)json.Number("probes");
        Assert.InRange(probes, 2, 4);
        Assert.True(RecallAt(probes - 1) < target && target <= RecallAt(probes));
        Assert.Equal(RecallAt(probes), json.Number("recall"));
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

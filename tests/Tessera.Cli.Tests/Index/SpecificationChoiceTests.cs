using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Index;

public sealed class SpecificationChoiceTests(IndexWorkspace built) : IClassFixture<IndexWorkspace>
{
    [Fact]
    public void A_specification_is_proposed_that_can_be_built_and_reaches_the_recall_within_the_memory()
    {
        using var workspace = new Workspace();
        string[] args = ["index", "tune", built.Base, "--queries", built.Queries, "--recall", "0.5", "--memory", "60", "--passes", "1", "--sample", "1200", "-k", "3"];
        var json = CommandLine.Run([.. args, "--plot", workspace["choice.svg"], "--json"]).Json();
        Assert.Equal(["k", "queries", "vectors", "target", "memory", "reached", "best", "trials"], json.Names());
        Assert.Equal((1200, 60), ((int)json.Number("vectors"), (int)json.Number("memory")));
        Assert.True(json.GetProperty("reached").GetBoolean());
        var best = json.GetProperty("best");
        Assert.True(best.Number("recall") >= 0.5 && best.Number("bytes_per_vector") <= 60);
        Assert.Equal("<svg", File.ReadAllText(workspace["choice.svg"])[..4]);

        string spec = best.GetProperty("spec").GetString()!;
        CommandLine.Run("index", "build", built.Base, "--spec", spec, "--train", $"{best.Number("train")}", "--out", workspace["best.tsr"], "--json", "--quiet").Json();
    }

    [Fact]
    public void People_see_the_trials_and_what_to_do_next()
    {
        string text = CommandLine.Run("index", "tune", built.Base, "--queries", built.Queries, "--recall", "1", "--memory", "0.1", "--passes", "1").Output;
        Assert.Contains("Nothing fits in 0.1 bytes a vector", text, StringComparison.Ordinal);
        text = CommandLine.Run("index", "tune", built.Base, "--queries", built.Queries, "--recall", "0.9", "--passes", "1", "--sample", "1000").Output;
        Assert.Contains("is the fastest for recall 0.9", text, StringComparison.Ordinal);
        Assert.Contains("Next: tessera index build", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_the_one_use_are_refused_in_the_other()
    {
        string message = CommandLine.Run("index", "tune", built.Flat, "--queries", built.Queries, "--base", built.Base, "--recall", "0.9", "--memory", "5").Failure(2);
        Assert.Contains("--memory is for choosing a specification", message, StringComparison.Ordinal);
        message = CommandLine.Run("index", "tune", built.Base, "--queries", built.Queries, "--base", built.Base, "--recall", "0.9").Failure(2);
        Assert.Contains("--base and --truth are for tuning an index", message, StringComparison.Ordinal);
        message = CommandLine.Run("index", "tune", built.Flat, "--queries", built.Queries, "--recall", "0.9").Failure(2);
        Assert.Contains("--truth IDS or --base VECTORS", message, StringComparison.Ordinal);
        message = CommandLine.Run("index", "tune", built.Base, "--queries", built.Queries, "--recall", "0.9", "--memory", "-1").Failure(2);
        Assert.Contains("--memory is '-1'", message, StringComparison.Ordinal);
    }
}

namespace Tessera.Cli.Tests.Hosting;

public sealed class UsageTests
{
    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("-h")]
    public void The_command_alone_gives_an_overview_with_examples(params string[] args)
    {
        var result = CommandLine.Run(args);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("tessera index build base.npy", result.Output, StringComparison.Ordinal);
        Assert.InRange(result.Output.Split('\n').Length, 10, 30);
        Assert.Equal("", result.Error);
    }

    [Theory]
    [InlineData("index", "build")]
    [InlineData("index", "search")]
    [InlineData("index", "eval")]
    [InlineData("index", "tune")]
    [InlineData("index", "info")]
    [InlineData("cluster")]
    public void Each_command_has_help_with_an_example_of_itself(params string[] command)
    {
        var result = CommandLine.Run([.. command, "--help"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Contains("--json", result.Output, StringComparison.Ordinal);
        string examples = result.Output[result.Output.IndexOf("Examples:", StringComparison.Ordinal)..];
        Assert.Contains($"tessera {string.Join(' ', command)} ", examples, StringComparison.Ordinal);
    }

    [Fact]
    public void The_examples_of_the_help_are_right_usage()
    {
        foreach (string[] command in (string[][])[["index", "build"], ["index", "search"], ["index", "eval"], ["index", "tune"], ["index", "info"], ["cluster"]])
        {
            string help = CommandLine.Run([.. command, "--help"]).Output;
            foreach (string line in help[help.IndexOf("Examples:", StringComparison.Ordinal)..].Split('\n').Skip(1).Where(line => line.Trim().Length > 0))
            {
                // The files are not there; the command line is understood up to that.
                string message = CommandLine.Run(line.Trim().Split(' ')[1..]).Failure(1);
                Assert.Contains("no such", message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("'tessera index' needs one of", "index")]
    [InlineData("'paint'", "paint")]
    [InlineData("'paint'", "index", "paint")]
    [InlineData("--spec SPEC", "index", "build", "x.npy", "--out", "x.tsr")]
    [InlineData("--spec SPEC", "index", "build", "x.npy", "--spec", "Flat", "--preset", "speed", "--out", "x.tsr")]
    [InlineData("--preset is 'small'", "index", "build", "x.npy", "--preset", "small", "--out", "x.tsr")]
    [InlineData("'--out'", "index", "build", "x.npy", "--spec", "Flat")]
    [InlineData("'--colour'", "index", "info", "x.tsr", "--colour")]
    [InlineData("-k is 'x'; give a whole number of 1 or more", "cluster", "x.npy", "-k", "x", "--out", "c.npy")]
    [InlineData("-k is '0'", "cluster", "x.npy", "-k", "0", "--out", "c.npy")]
    [InlineData("--threads is '-1'", "cluster", "x.npy", "-k", "2", "--out", "c.npy", "--threads", "-1")]
    [InlineData("--seed is '-1'", "cluster", "x.npy", "-k", "2", "--out", "c.npy", "--seed", "-1")]
    [InlineData("--init is 'best'; give kmeans++ or random", "cluster", "x.npy", "-k", "2", "--out", "c.npy", "--init", "best")]
    [InlineData("ends in .npy", "cluster", "x.npy", "-k", "2", "--out", "c.txt")]
    [InlineData("--metric is 'l3'", "index", "build", "x.npy", "--spec", "Flat", "--out", "x.tsr", "--metric", "l3")]
    [InlineData("--probes is '1,two'", "index", "eval", "x.tsr", "--queries", "q.npy", "--base", "x.npy", "--probes", "1,two")]
    [InlineData("--truth IDS or --base VECTORS", "index", "eval", "x.tsr", "--queries", "q.npy")]
    [InlineData("--truth IDS or --base VECTORS", "index", "tune", "x.tsr", "--queries", "q.npy", "--recall", "0.9", "--base", "b.npy", "--truth", "t.ivecs")]
    [InlineData("--recall is '1.5'", "index", "tune", "x.tsr", "--queries", "q.npy", "--base", "b.npy", "--recall", "1.5")]
    public void Wrong_usage_is_one_line_and_exit_code_2(string expected, params string[] args)
    {
        string message = CommandLine.Run(args).Failure(2);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_one_line_that_names_it_and_exit_code_1()
    {
        Assert.Contains("nowhere.npy: no such file", CommandLine.Run("cluster", "nowhere.npy", "-k", "2", "--out", "c.npy").Failure(1), StringComparison.Ordinal);
        Assert.Contains("nowhere.tsr: no such index", CommandLine.Run("index", "info", "nowhere.tsr").Failure(1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_whose_kind_is_unknown_is_refused_with_the_kinds_that_are_not()
    {
        string message = CommandLine.Run("cluster", "vectors.parquet", "-k", "2", "--out", "c.npy").Failure(1);
        Assert.Contains("vectors.parquet", message, StringComparison.Ordinal);
        Assert.Contains(".fvecs", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_refused_with_its_place()
    {
        using var workspace = new Workspace();
        File.WriteAllBytes(workspace["broken.npy"], [1, 2, 3]);
        string message = CommandLine.Run("cluster", workspace["broken.npy"], "-k", "2", "--out", workspace["c.npy"]).Failure(1);
        Assert.Contains("broken.npy", message, StringComparison.Ordinal);
        Assert.Contains("offset", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told_before_the_work()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 50, 4, 1);
        string message = CommandLine.Run("cluster", vectors, "-k", "2", "--out", Path.Combine(workspace["missing"], "c.npy")).Failure(1);
        Assert.Contains("create it first", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stack_trace_comes_only_with_verbose()
    {
        string[] args = ["cluster", "nowhere.npy", "-k", "2", "--out", "c.npy"];
        Assert.DoesNotContain("   at ", CommandLine.Run(args).Error, StringComparison.Ordinal);
        var verbose = CommandLine.Run([.. args, "--verbose"]);
        Assert.Contains("   at ", verbose.Error, StringComparison.Ordinal);
        Assert.Equal(1, verbose.ExitCode);
    }
}

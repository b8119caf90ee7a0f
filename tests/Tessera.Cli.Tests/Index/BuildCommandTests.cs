using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Index;

public sealed class BuildCommandTests(IndexWorkspace built) : IClassFixture<IndexWorkspace>
{
    [Fact]
    public void The_result_is_one_json_object()
    {
        foreach (var (json, spec, file) in new[] { (built.BuiltFlat, "Flat", built.Flat), (built.BuiltIvf, "IVF20,PQ8", built.Ivf) })
        {
            Assert.Equal(
                ["vectors", "dimension", "spec", "train_seconds", "add_seconds", "file_bytes", "bytes_per_vector", "peak_memory_bytes"], json.Names());
            Assert.Equal(2000, json.Number("vectors"));
            Assert.Equal(16, json.Number("dimension"));
            Assert.Equal(spec, json.GetProperty("spec").GetString());
            Assert.Equal(new FileInfo(file).Length, json.Number("file_bytes"));
            Assert.Equal(json.Number("file_bytes") / 2000, json.Number("bytes_per_vector"), 0.01);
            Assert.True(json.Number("peak_memory_bytes") > 1_000_000);
        }
    }

    [Fact]
    public void Too_small_a_sample_is_warned_of_on_stderr_and_quiet_silences_it()
    {
        using var workspace = new Workspace();
        string[] args = ["index", "build", built.Base, "--spec", "IVF20,PQ8", "--train", "300", "--out", workspace["x.tsr"], "--json"];
        var result = CommandLine.Run(args);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(2000, result.JsonOnStdout().Number("vectors"));
        Assert.All(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("warning: ", line, StringComparison.Ordinal));
        Assert.Contains("300", result.Error, StringComparison.Ordinal);
        CommandLine.Run([.. args, "--quiet"]).Json();
    }

    [Fact]
    public void The_same_seed_gives_the_same_file_on_one_thread_and_on_two()
    {
        using var workspace = new Workspace();
        foreach (string threads in (string[])["1", "2"])
            CommandLine.Run("index", "build", built.Base, "--spec", "IVF20,PQ8", "--threads", threads, "--out", workspace[$"{threads}.tsr"], "--json", "--quiet").Json();
        Assert.Equal(File.ReadAllBytes(workspace["1.tsr"]), File.ReadAllBytes(workspace["2.tsr"]));
    }

    [Theory]
    [InlineData("Nonsense")]
    [InlineData("IVF20,PQ5")]
    [InlineData("IVF0,PQ8")]
    [InlineData("IVF20,PQ8x17")]
    public void A_specification_that_cannot_be_is_wrong_usage_and_writes_nothing(string spec)
    {
        using var workspace = new Workspace();
        string message = CommandLine.Run("index", "build", built.Base, "--spec", spec, "--out", workspace["x.tsr"]).Failure(2);
        Assert.Contains("--spec", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", message, StringComparison.Ordinal);
        Assert.Empty(workspace.Files());
    }

    [Theory]
    [InlineData("memory", "IVF100,PQ8", 10)]
    [InlineData("accuracy", "IVF200,PQ16", 20)]
    [InlineData("speed", "IVF50,PQ4x6", 5)]
    public void A_preset_stands_for_a_specification_and_its_probes(string preset, string spec, int probes)
    {
        using var workspace = new Workspace();
        var json = CommandLine.Run("index", "build", built.Base, "--preset", preset, "--out", workspace["x.tsr"], "--json", "--quiet").Json();
        Assert.Equal(spec, json.GetProperty("spec").GetString());
        Assert.Equal(probes, CommandLine.Run("index", "info", workspace["x.tsr"], "--json").Json().Number("probes"));
    }

    [Fact]
    public void Training_that_would_be_ignored_is_warned_of()
    {
        using var workspace = new Workspace();
        var result = CommandLine.Run("index", "build", built.Base, "--spec", "Flat", "--train", "100", "--out", workspace["x.tsr"], "--json");
        Assert.Contains("--train has no effect", result.Error, StringComparison.Ordinal);
        Assert.Equal(2000, result.JsonOnStdout().Number("vectors"));
    }

    [Fact]
    public void People_get_a_summary()
    {
        using var workspace = new Workspace();
        var result = CommandLine.Run("index", "build", built.Base, "--spec", "flat", "--metric", "cosine", "--out", workspace["x.tsr"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("2,000 of dimension 16", result.Output, StringComparison.Ordinal);
        Assert.Contains("tessera index search", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_works_as_its_own_process()
    {
        using var workspace = new Workspace();
        using var process = ChildProcess.Start("index", "build", built.Base, "--spec", "Flat", "--out", workspace["x.tsr"], "--json");
        Assert.Equal(2000, (await process.ResultAsync()).Json().Number("vectors"));
        Assert.Equal(["x.tsr"], workspace.Files());
    }
}

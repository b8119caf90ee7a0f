namespace Tessera.Cli.Tests.Hosting;

public sealed class CancellationTests
{
    [Fact]
    public void A_cancelled_command_says_so_and_leaves_no_file()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 2000, 8, 1);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        foreach (string[] args in (string[][])
            [
                ["cluster", vectors, "-k", "8", "--out", workspace["c.npy"]],
                ["index", "build", vectors, "--spec", "IVF8,PQ4", "--out", workspace["x.tsr"]],
            ])
        {
            using var output = new StringWriter();
            using var error = new StringWriter();
            int exitCode = Program.Run(args, output, error, cancelled.Token);
            Assert.Contains("Ctrl-C", new CommandLineResult(exitCode, output.ToString(), error.ToString()).Failure(130), StringComparison.Ordinal);
        }

        Assert.Equal(["x.npy"], workspace.Files());
    }

    [Theory]
    [InlineData("cluster", "-k", "2000", "--iterations", "100000", "--redo", "1000")]
    [InlineData("index", "build", "--spec", "IVF2000,PQ32x12")]
    public async Task Ctrl_C_ends_a_running_command_and_leaves_no_half_written_file(params string[] command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sends a POSIX signal.");
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 60_000, 64, 1);
        File.WriteAllText(workspace["out.npy"], "what was there before");
        int verb = command[0] == "index" ? 2 : 1;
        string[] args = [.. command[..verb], vectors, .. command[verb..], "--out", workspace["out.npy"]];

        using var process = ChildProcess.Start(args);
        var result = process.ResultAsync();
        await process.WorkAsync(TimeSpan.FromSeconds(1));
        process.Interrupt();

        Assert.Contains("Ctrl-C", (await result).Failure(130), StringComparison.Ordinal);
        Assert.Equal(["out.npy", "x.npy"], workspace.Files());
        Assert.Equal("what was there before", await File.ReadAllTextAsync(workspace["out.npy"], TestContext.Current.CancellationToken));
    }
}

using System.Diagnostics;

namespace Tessera.Cli.Tests.Hosting;

/// <summary>The command as its own process.</summary>
internal static class ChildProcess
{
    public static Process Start(params string[] args)
    {
        string dotnet = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
        string[] command = [dotnet, "exec", typeof(Program).Assembly.Location, .. args];
        // Tests that were started in the background by a shell ignore Ctrl-C, and what they start would too.
        if (OperatingSystem.IsLinux())
            command = ["env", "--default-signal=INT", .. command];
        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    public static async Task<CommandLineResult> ResultAsync(this Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CommandLineResult(process.ExitCode, await output, await error);
    }

    /// <summary>Waits until the process has computed for some time, however busy the machine is.</summary>
    public static async Task WorkAsync(this Process process, TimeSpan processorTime)
    {
        do
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            process.Refresh();
            Assert.False(process.HasExited, "The work was over before it could be interrupted.");
        }
        while (process.TotalProcessorTime < processorTime);
    }

    /// <summary>What Ctrl-C sends.</summary>
    public static void Interrupt(this Process process)
    {
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }
}

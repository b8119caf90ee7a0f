using System.Diagnostics;

namespace Tessera.Cli.Tests.Hosting;

/// <summary>The command as its own process.</summary>
internal static class ChildProcess
{
    public static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        foreach (string arg in args)
            start.ArgumentList.Add(arg);
        return Process.Start(start)!;
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

namespace Tessera.Cli.Tests.Hosting;

/// <summary>Runs a command line in this process.</summary>
internal static class CommandLine
{
    public static CommandLineResult Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = Program.Run(args, output, error, TestContext.Current.CancellationToken);
        return new CommandLineResult(exitCode, output.ToString(), error.ToString());
    }
}

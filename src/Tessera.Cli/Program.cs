using System.CommandLine;
using Tessera.Cli.Hosting;

namespace Tessera.Cli;

internal static class Program
{
    private static readonly Command Root = TesseraCommand.Create();

    private static int Main(string[] args) =>
        Interrupt.Guard(cancellationToken => Run(args, Console.Out, Console.Error, cancellationToken), Console.Error);

    /// <summary>Runs one command line; the tests call it in-process.</summary>
    /// <returns>An exit code of <see cref="ExitCode"/>.</returns>
    internal static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken) =>
        CommandRunner.Run(Root, args, output, error, cancellationToken);
}

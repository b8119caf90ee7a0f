using System.CommandLine;

namespace Tessera.Cli.Hosting;

/// <summary>The one place where a command line becomes an exit code, and every failure one line on stderr.</summary>
internal static class CommandRunner
{
    public const string Stopped = "error: stopped by Ctrl-C; files that were not finished are not there.";

    public static int Run(Command root, string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        ParseResult? parsed = null;
        try
        {
            parsed = root.Parse(args);
            if (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true })
                throw new UsageException($"{parsed.Errors[0].Message.TrimEnd('.')}. See '{PathOf(parsed.CommandResult.Command)} --help'.");

            var configuration = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                // Signals are handled by Interrupt.
                ProcessTerminationTimeout = null,
            };
            return parsed.InvokeAsync(configuration, cancellationToken).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            error.WriteLine(Stopped);
            return ExitCode.Cancelled;
        }
#pragma warning disable CA1031 // Whatever went wrong, the user gets one line and an exit code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            error.WriteLine($"error: {FailureText.Of(exception)}");
            if (parsed is { Errors.Count: 0 } && parsed.GetValue(CommonOptions.Verbose))
                error.WriteLine(exception);
            return exception is UsageException ? ExitCode.WrongUsage : ExitCode.Failed;
        }
    }

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : command.Name;
}

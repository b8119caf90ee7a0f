namespace Tessera.Cli.Hosting;

/// <summary>An option has a value that cannot be, as far as only the command can tell. Ends with <see cref="ExitCode.WrongUsage"/>.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : FailureException(message, inner);

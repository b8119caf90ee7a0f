namespace Tessera.Cli.Hosting;

/// <summary>A failure that is explained to the user in one line: what, where, and what to do. Ends with <see cref="ExitCode.Failed"/>.</summary>
internal class FailureException(string message, Exception? inner = null) : Exception(message, inner);

namespace Tessera.Cli.Hosting;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The work failed: a file is missing, damaged, or does not fit the others.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong: an option is unknown, missing, or has a value that cannot be.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ctrl-C, as shells count it: 128 + SIGINT.</summary>
    public const int Cancelled = 130;
}

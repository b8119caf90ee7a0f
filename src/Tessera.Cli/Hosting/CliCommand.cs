using System.CommandLine;

namespace Tessera.Cli.Hosting;

/// <summary>A command that does something: adds its options in its constructor and works in <see cref="Execute"/>.</summary>
internal abstract class CliCommand : Command
{
    protected CliCommand(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction((parsed, cancellationToken) =>
        {
            Execute(new CommandContext(parsed), cancellationToken);
            return Task.FromResult(ExitCode.Done);
        });
    }

    /// <summary>Command lines that the help shows.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Does the work; what it throws becomes one line on stderr.</summary>
    protected abstract void Execute(CommandContext context, CancellationToken cancellationToken);
}

using System.CommandLine;
using Tessera.Cli.Hosting;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index</c>: everything about index files.</summary>
internal static class IndexCommand
{
    public static Command Create() => new NounCommand(
        "index",
        "Make, merge, search and measure vector indexes.",
        new BuildCommand(),
        new MergeCommand(),
        new SearchCommand(),
        new EvalCommand(),
        new TuneCommand(),
        new InfoCommand(),
        new TagCommand(),
        new RemoveCommand(),
        new CompactCommand());
}

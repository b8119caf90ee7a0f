using System.CommandLine;
using Tessera.Cli.Hosting;

namespace Tessera.Cli.Ids;

/// <summary><c>tessera ids</c>: everything about semantic ids.</summary>
internal static class IdsCommand
{
    public static Command Create() => new NounCommand(
        "ids",
        "Learn, give out, find and measure semantic ids.",
        new FitCommand(),
        new EncodeCommand(),
        new FindCommand(),
        new EvaluateCommand(),
        new SweepCommand());
}

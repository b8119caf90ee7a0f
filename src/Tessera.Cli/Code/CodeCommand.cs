using System.CommandLine;
using Tessera.Cli.Code.Mcp;
using Tessera.Cli.Code.Worker;
using Tessera.Cli.Hosting;

namespace Tessera.Cli.Code;

/// <summary><c>tessera code</c>: everything about maps of code.</summary>
internal static class CodeCommand
{
    public static Command Create() => new NounCommand(
        "code",
        "Map code bases and ask them.",
        new BuildCommand(),
        new QueryCommand(),
        new TreeCommand(),
        new ShowCommand(),
        new LayersCommand(),
        new EvalCommand(),
        new EnqueueCommand(),
        new QueueCommand(),
        new WorkerCommand(),
        new McpCommand());
}

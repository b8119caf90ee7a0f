using System.CommandLine;
using Tessera.Cli.Hosting;

namespace Tessera.Cli.Kv;

/// <summary><c>tessera kv</c>: attention through an index over the KV cache.</summary>
internal static class KvCommand
{
    public static Command Create() => new NounCommand(
        "kv",
        "Measure attention through an index over the KV cache.",
        new KvBenchCommand(),
        new KvEvalCommand());
}

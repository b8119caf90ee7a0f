using System.CommandLine;
using System.CommandLine.Help;
using Tessera.Cli.Cluster;
using Tessera.Cli.Code;
using Tessera.Cli.Colors;
using Tessera.Cli.Demo;
using Tessera.Cli.Hosting;
using Tessera.Cli.Ids;
using Tessera.Cli.Index;
using Tessera.Cli.Kv;
using Tessera.Cli.Music;
using Tessera.Cli.Serve;

namespace Tessera.Cli;

/// <summary>The command tree: <c>tessera NOUN VERB</c>.</summary>
internal static class TesseraCommand
{
    public static Command Create()
    {
        // Not a RootCommand: that one bears the name of the assembly, which cannot be "tessera" beside the engine's "Tessera".
        var help = new HelpOption();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, Overview.Text);
        var root = new Command("tessera", "Clusters vectors, gives them short codes and searches them.")
        {
            IndexCommand.Create(),
            new ClusterCommand(),
            CodeCommand.Create(),
            ColorsCommand.Create(),
            IdsCommand.Create(),
            MusicCommand.Create(),
            KvCommand.Create(),
            new ServeCommand(),
            DemoCommand.Create(),
            CommonOptions.Json,
            CommonOptions.Quiet,
            CommonOptions.Verbose,
            help,
            new VersionOption(),
        };
        root.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(Overview.Text));
        return root;
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Tessera.Cli.Hosting;

/// <summary>The library's help for a command followed by the command's examples; for the root, the overview.</summary>
internal sealed class HelpWithExamples(HelpAction inner, string overview) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (command == parseResult.RootCommandResult.Command)
        {
            output.Write(overview);
            return ExitCode.Done;
        }

        int exitCode = inner.Invoke(parseResult);
        if (command is CliCommand { Examples: { Count: > 0 } examples })
        {
            output.WriteLine("Examples:");
            foreach (string example in examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
        }

        return exitCode;
    }
}

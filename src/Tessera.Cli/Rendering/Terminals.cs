using Spectre.Console;

namespace Tessera.Cli.Rendering;

/// <summary>Makes consoles: with colours for a terminal, plain text for a file or a pipe.</summary>
internal static class Terminals
{
    // Where no window limits it, no line is to be broken.
    private const int PlainWidth = 1000;

    public static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = PlainWidth;
        return console;
    }
}

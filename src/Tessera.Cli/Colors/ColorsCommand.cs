using System.CommandLine;
using Tessera.Cli.Hosting;

namespace Tessera.Cli.Colors;

/// <summary><c>tessera colors</c>: images, found by their colours.</summary>
internal static class ColorsCommand
{
    public static Command Create() => new NounCommand(
        "colors",
        "Index folders of images and find them by colour.",
        new ColorsIndexCommand(),
        new ColorsSearchCommand(),
        new PaletteCommand(),
        new ColorsInfoCommand(),
        new ColorsBenchCommand(),
        new ColorsTuneCommand());
}

using System.CommandLine;
using Tessera.Cli.Hosting;

namespace Tessera.Cli.Music;

/// <summary><c>tessera music</c>: style packs, retrieval and generation.</summary>
internal static class MusicCommand
{
    public static Command Create() => new NounCommand(
        "music",
        "Make style packs of MIDI files, retrieve from them, and generate music that they bias.",
        new TokenizeCommand(),
        new MusicIndexCommand(),
        new RetrieveCommand(),
        new TrainCommand(),
        new SampleCommand(),
        new MusicEvalCommand(),
        new ShowCommand());
}

using Tessera.Cli.Tests.Hosting;
using Tessera.Music;

namespace Tessera.Cli.Tests.Music;

/// <summary>Style packs, an index and a model, made once by the commands themselves.</summary>
public sealed class MusicWorkspace : IDisposable
{
    private readonly Workspace _workspace = new();

    public MusicWorkspace()
    {
        StarterPacks.WriteTo(Packs);
        IndexJson = CommandLine.Run("music", "index", "--style-packs", Packs, "--out", Index, "--embedding-dim", "512", "--child-weight", "1.5", "--json");
        TrainJson = CommandLine.Run("music", "train", "--style-packs", Packs, "--out", Model, "--embedder-steps", "5", "--json");
    }

    public string Packs => _workspace["packs"];

    public string Index => _workspace["indices"];

    public string Model => _workspace["model"];

    internal CommandLineResult IndexJson { get; }

    internal CommandLineResult TrainJson { get; }

    public void Dispose() => _workspace.Dispose();
}

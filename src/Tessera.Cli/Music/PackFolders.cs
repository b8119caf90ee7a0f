using Tessera.Cli.Hosting;
using Tessera.Music.Packs;

namespace Tessera.Cli.Music;

/// <summary>Folders of style packs as commands read them.</summary>
internal static class PackFolders
{
    public static StylePacks Read(string folder, float childWeight, CommandContext context, CancellationToken cancellationToken)
    {
        StylePacks packs = StylePacks.Load(folder, childWeight, cancellationToken);
        foreach (PackProblem problem in packs.Problems)
            context.Warn($"{problem} The file is left out.");
        return packs.Patterns.Count > 0 ? packs : throw new FailureException($"{folder}: there are no patterns in it; packs are PARENT/refs_midi/*.json or *.tokens, as 'music tokenize' writes them.");
    }
}

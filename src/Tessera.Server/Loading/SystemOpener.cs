using Tessera.Server.Code;
using Tessera.Server.Colors;
using Tessera.Server.Ids;
using Tessera.Server.Indexes;
using Tessera.Server.Music;

namespace Tessera.Server.Loading;

/// <summary>Knows how each thing that is to be served is loaded.</summary>
internal static class SystemOpener
{
    public static ServedSystems From(ServerOptions options)
    {
        var systems = new ServedSystems();
        if (options.Colors is { } colors)
            systems.Add(SystemKind.Colors, colors, _ => ColorsContent.Open(colors));
        foreach (string file in options.Indexes)
            systems.Add(SystemKind.Index, file, _ => IndexContent.Open(file));
        foreach (string file in options.Ids)
            systems.Add(SystemKind.Ids, file, _ => IdsContent.Read(file));
        if (options.Music is { } music)
            systems.Add(SystemKind.Music, music, _ => MusicContent.Open(music, options.MusicModel));
        else if (options.StarterPacks)
            systems.Add(SystemKind.Music, "starter packs", MusicContent.Starter);
        // Folders of sources last: they are mapped now, which takes longest.
        foreach (string code in options.Code.OrderBy(code => !ServerOptions.IsStore(code)))
        {
            if (ServerOptions.IsStore(code))
                systems.Add(SystemKind.Code, WithoutSecrets(code), cancellationToken => CodeContent.Open(code, cancellationToken));
            else
                systems.Add(SystemKind.Code, Path.GetFullPath(code), cancellationToken => CodeContent.Build(code, cancellationToken));
        }

        return systems;
    }

    /// <summary>What everybody may read of a store: of a database only its kind, since its address may hold a password.</summary>
    private static string WithoutSecrets(string store) => store.StartsWith("sqlite:", StringComparison.Ordinal) ? store["sqlite:".Length..] : store[..store.IndexOf(':', StringComparison.Ordinal)];
}

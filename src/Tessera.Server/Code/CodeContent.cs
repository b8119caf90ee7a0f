using Tessera.CodeMap;
using Tessera.CodeMap.Storage;
using Tessera.Server.Loading;
using Tessera.Server.Trees;
using Tessera.Stores.CodeMap;

namespace Tessera.Server.Code;

/// <summary>A code map that is served.</summary>
internal sealed class CodeContent(CodeMapSnapshot map) : IServedContent
{
    private readonly CodeTree _tree = new(map);

    public CodeMapSnapshot Map => map;

    public ITreeSource Tree => _tree;

    public IReadOnlyDictionary<string, long> Counts { get; } = new Dictionary<string, long>
    {
        ["files"] = map.Files,
        ["entities"] = map.Entities.Count,
        ["layers"] = map.Layers.Count,
    };

    /// <summary>Maps a folder.</summary>
    public static CodeContent Build(string folder, CancellationToken cancellationToken) =>
        new(CodeMapBuilder.Build(folder, null, null, cancellationToken));

    /// <summary>Opens the map of a store as it is now: the one over all its repositories, or the only one.</summary>
    public static CodeContent Open(string store, CancellationToken cancellationToken) => OpenAsync(store, cancellationToken).GetAwaiter().GetResult();

    private static async Task<CodeContent> OpenAsync(string text, CancellationToken cancellationToken)
    {
        await using ICodeMapStore store = await CodeMapStores.OpenAsync(text, cancellationToken).ConfigureAwait(false);
        string name = await CodeMapReader.ChooseAsync(store, null, cancellationToken).ConfigureAwait(false);
        return await CodeMapReader.OpenAsync(store, name, null, cancellationToken).ConfigureAwait(false) is { } map
            ? new CodeContent(map)
            : throw new InvalidOperationException($"{store.Name}: the map is gone.");
    }

    public string NodeOf(CodeMap.Entities.CodeEntity entity) => _tree.IdOf(entity);

    public void Dispose() => map.Dispose();
}

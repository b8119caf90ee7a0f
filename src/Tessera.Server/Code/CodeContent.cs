using Tessera.CodeMap;
using Tessera.Server.Loading;
using Tessera.Server.Trees;

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

    public string NodeOf(CodeMap.Entities.CodeEntity entity) => _tree.IdOf(entity);

    public void Dispose() => map.Dispose();
}

using Tessera.Indexes;
using Tessera.Server.Loading;
using Tessera.Server.Trees;

namespace Tessera.Server.Indexes;

/// <summary>A vector index that is served.</summary>
internal sealed class IndexContent : IServedContent
{
    private IndexContent(VectorIndex index)
    {
        Index = index;
        Tree = index.Count > 0 && index.Clusters() is { Count: > 1 } clusters ? new IndexTree(index, clusters) : null;
        Counts = new Dictionary<string, long> { ["vectors"] = index.Count, ["dimension"] = index.Dimension, ["lists"] = index.Lists };
    }

    public VectorIndex Index { get; }

    public ITreeSource? Tree { get; }

    public IReadOnlyDictionary<string, long> Counts { get; }

    /// <summary>Opens a file.</summary>
    public static IndexContent Open(string file) => new(VectorIndex.Open(file));

    public void Dispose() => Index.Dispose();
}

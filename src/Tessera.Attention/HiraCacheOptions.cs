using System.Collections.Frozen;
using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;

namespace Tessera.Attention;

/// <summary>Settings of a cache that do not depend on the kind of its indexes.</summary>
public sealed record HiraCacheOptions
{
    /// <summary>The first tokens, which are always attended to exactly, 0 to 4096 (default 4): attention sinks (Xiao et al., 2023).</summary>
    public int Sinks { get; init; } = 4;

    /// <summary>The latest tokens, which are always attended to exactly and are not yet in a tree, 0 to 65536 (default 64).</summary>
    public int Window { get; init; } = 64;

    /// <summary>Most keys of one segment of a head's tree, 64 to 1,048,576 (default 8192). Larger ones prune better and cost more to cluster.</summary>
    public int SegmentSize { get; init; } = 8192;

    /// <summary>For indexes without an interval of their own: keys that leave the window together, at least 1 (default 128).</summary>
    public int InsertBatch { get; init; } = 128;

    /// <summary>How keys and values are kept; null (default) leaves it to the index's configuration, which says <see cref="KeyFormat.F32"/> unless it asks for float16.</summary>
    public KeyFormat? Format { get; init; }

    /// <summary>Layers beyond which an update is refused, at least 1 (default 1024).</summary>
    public int MaxLayers { get; init; } = 1024;

    /// <summary>Layers whose indexes have another kind or other settings than the cache's configuration says (default none). How keys are kept is the same in all layers.</summary>
    public IReadOnlyDictionary<int, IndexConfig> LayerConfigs { get; init; } = FrozenDictionary<int, IndexConfig>.Empty;

    /// <summary>Seed of all random choices (default 42). The same seed and the same updates give the same trees, whatever the number of threads.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads, of the pool, over which updates and attention share out the heads; 0 uses every processor (default 1). Results do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    internal void Validate()
    {
        IndexConfig.Require(Sinks is >= 0 and <= 4096, nameof(Sinks), Sinks, "0 to 4096");
        IndexConfig.Require(Window is >= 0 and <= 65536, nameof(Window), Window, "0 to 65536");
        IndexConfig.Require(SegmentSize is >= 64 and <= 1 << 20, nameof(SegmentSize), SegmentSize, "64 to 1048576");
        IndexConfig.Require(InsertBatch >= 1, nameof(InsertBatch), InsertBatch, "at least 1");
        IndexConfig.Require(Format is null || Enum.IsDefined(Format.Value), nameof(Format), Format ?? default, "F32, F16 or BF16");
        IndexConfig.Require(MaxLayers >= 1, nameof(MaxLayers), MaxLayers, "at least 1");
        foreach ((int layer, IndexConfig config) in LayerConfigs)
        {
            IndexConfig.Require(layer >= 0 && layer < MaxLayers, nameof(LayerConfigs), layer, $"of layers 0 to {MaxLayers - 1}");
            config.Validate();
        }

        IndexConfig.Require(Threads >= 0, nameof(Threads), Threads, "0 (all) or more");
    }
}

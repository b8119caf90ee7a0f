using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;

namespace Tessera.Attention.Indexes;

/// <summary>Trees of k-means clusters: new keys become a segment, and segments of like size are clustered together.</summary>
public sealed class KMeansIndex : LayerIndex
{
    private readonly KMeansIndexConfig _config;

    internal KMeansIndex(int layer, KMeansIndexConfig config, HiraCacheOptions options, IProgress<IndexProgress>? progress)
        : base(layer, config, options, config.Verbose ? progress : null) => _config = config;

    internal override int Due(HeadStore store)
    {
        int least = _config.UpdateFrequency switch
        {
            UpdateFrequency.Always => 1,
            UpdateFrequency.EveryN => _config.UpdateInterval,
            _ => (int)Math.Ceiling(Math.Max(_config.BranchingFactor, _config.UpdateThreshold * store.ClusteredKeys)),
        };
        return store.Pending >= least ? store.Pending : 0;
    }

    internal override void Take(int batch, int head, int tokens, TreeBuilder builder) => Merge(batch, head, tokens, builder);
}

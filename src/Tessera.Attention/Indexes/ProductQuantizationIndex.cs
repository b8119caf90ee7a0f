using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;

namespace Tessera.Attention.Indexes;

/// <summary>Trees whose keys have product codes.</summary>
public sealed class ProductQuantizationIndex : LayerIndex
{
    internal ProductQuantizationIndex(int layer, ProductQuantizationIndexConfig config, HiraCacheOptions options, IProgress<IndexProgress>? progress)
        : base(layer, config, options, progress)
    {
    }

    internal override int Due(HeadStore store) => store.Pending >= Options.InsertBatch ? store.Pending : 0;

    internal override void Take(int batch, int head, int tokens, TreeBuilder builder) => Merge(batch, head, tokens, builder);
}

using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;
using Tessera.Vectors;

namespace Tessera.Attention.Indexes;

/// <summary>
/// Trees whose keys also have product codes, of what is left of a key when the mean of its cluster is taken away. Every head
/// has codebooks of its own, learned from its first segment that has enough keys for them and again when a segment has
/// several times as many; segments keep the codebooks that they were coded with, and smaller ones before have no codes: of
/// their opened clusters all keys are scored.
/// </summary>
public sealed class ProductQuantizationIndex : LayerIndex
{
    /// <summary>A segment with so many times the keys that the codebooks were learned from gives better ones.</summary>
    private const int WorthTraining = 2;

    private readonly ProductQuantizationIndexConfig _config;

    internal ProductQuantizationIndex(int layer, ProductQuantizationIndexConfig config, HiraCacheOptions options, IProgress<IndexProgress>? progress)
        : base(layer, config, options, progress) => _config = config;

    internal override int Due(HeadStore store) => store.Pending >= Options.InsertBatch ? store.Pending : 0;

    internal override void Take(int batch, int head, int tokens, TreeBuilder builder) => Merge(batch, head, tokens, builder);

    private protected override void Finish(HeadStore store, Segment segment, TreeBuilder builder, ref SeededRandom random)
    {
        if (segment.Levels.Count == 0 || segment.Count < 1 << _config.BitsPerSubquantizer)
            return;
        KeyCoder coder = builder.Coder;
        coder.Begin(segment);
        if (store.Codebooks is null || segment.Count >= WorthTraining * store.Codebooks.TrainedOn)
            store.Exchange(coder.Learn(_config, ref random));
        coder.Code(store.Codebooks!);
    }
}

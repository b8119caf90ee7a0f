using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;
using Tessera.Quantization;
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
    private readonly Dictionary<(int Batch, int Head), (ProductQuantizer Quantizer, int Keys)> _quantizers = [];
    private readonly Lock _lock = new();

    internal ProductQuantizationIndex(int layer, ProductQuantizationIndexConfig config, HiraCacheOptions options, IProgress<IndexProgress>? progress)
        : base(layer, config, options, progress) => _config = config;

    internal override int Due(HeadStore store) => store.Pending >= Options.InsertBatch ? store.Pending : 0;

    internal override void Take(int batch, int head, int tokens, TreeBuilder builder) => Merge(batch, head, tokens, builder);

    private protected override unsafe void Finish(HeadStore store, int batch, int head, Segment segment)
    {
        int entries = 1 << _config.BitsPerSubquantizer;
        if (segment.Levels.Count == 0 || segment.Count < entries)
            return;
        Matrix residuals = Residuals(segment);
        (ProductQuantizer Quantizer, int Keys) known;
        lock (_lock)
            known = _quantizers.GetValueOrDefault((batch, head));
        if (known.Quantizer is null || segment.Count >= WorthTraining * known.Keys)
        {
            var quantizer = new ProductQuantizer(residuals.Dimension, _config.NumSubquantizers, _config.BitsPerSubquantizer);
            quantizer.Train(residuals, new BuildOptions { Seed = Options.Seed, Threads = 1, CodebookIterations = _config.MaxIterations });
            known = (quantizer, segment.Count);
            lock (_lock)
                _quantizers[(batch, head)] = known;
        }

        segment.SetCodes(known.Quantizer, residuals);
    }

    /// <summary>What is left of each key, row by row.</summary>
    private static unsafe Matrix Residuals(Segment segment)
    {
        RowLayout layout = segment.Layout;
        var residuals = new float[segment.Count * layout.Dimension];
        for (int leaf = 0; leaf < segment.Leaves.Count; leaf++)
        {
            ClusterNode node = segment.Leaves.Nodes[leaf];
            ReadOnlySpan<float> mean = segment.Leaves.MeanSpan(leaf);
            for (int row = node.Start; row < node.Start + node.Count; row++)
            {
                Span<float> residual = residuals.AsSpan(row * layout.Dimension, layout.Dimension);
                layout.Read(segment.Row(row), residual);
                for (int d = 0; d < residual.Length; d++)
                    residual[d] -= mean[d];
            }
        }

        return new Matrix(residuals, layout.Dimension);
    }
}

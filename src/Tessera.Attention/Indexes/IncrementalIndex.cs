using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;

namespace Tessera.Attention.Indexes;

/// <summary>
/// Trees that take new keys into their nearest clusters. The newest segment is open: it has room in its clusters and for
/// more of them. It is clustered anew every so many updates, when a cluster can grow no more, and when new keys lie far
/// from all clusters (drift); when it is full it is packed tightly, and another one begins.
/// </summary>
public sealed class IncrementalIndex : LayerIndex
{
    /// <summary>Keys that are this many times as far from their clusters, squared, as when these were made, call for new clusters.</summary>
    private const double Drift = 2;

    private readonly IncrementalIndexConfig _config;

    internal IncrementalIndex(int layer, IncrementalIndexConfig config, HiraCacheOptions options, IProgress<IndexProgress>? progress)
        : base(layer, config, options, progress) => _config = config;

    internal override int Due(HeadStore store) => store.Pending >= Options.InsertBatch ? store.Pending : 0;

    internal override unsafe void Take(int batch, int head, int tokens, TreeBuilder builder)
    {
        HeadStore store = Store(batch, head);
        if (_config.NumLevels == 1)
        {
            Merge(batch, head, tokens, builder);
            return;
        }

        Segment? open = store.Segments.Count > 0 && store.Segments[^1].IsOpen ? store.Segments[^1] : null;
        if (open is null || open.Count + tokens > Options.SegmentSize)
        {
            if (open is not null)
                Seal(store, batch, head, open, builder);
            Cluster(store, batch, head, store.Segments.Count, tokens, builder);
            return;
        }

        store.Insertions++;
        int inserted = store.Insertions < _config.RebuildEveryN ? Insert(store, open, tokens, builder.Inserter) : 0;
        if (inserted < 0)
            return;
        store.Moved(inserted);
        Cluster(store, batch, head, store.Segments.Count - 1, tokens - inserted, builder);
    }

    /// <summary>Inserts tokens of the tail one by one; returns -1 when all are in and near their clusters, else how many are in when the segment must be clustered anew.</summary>
    private static unsafe int Insert(HeadStore store, Segment open, int tokens, LeafInserter inserter)
    {
        if (open.IsShared)
        {
            open = open.Clone();
            store.Exchange(store.Segments.Count - 1, open);
        }

        double squares = 0;
        for (int i = 0; i < tokens; i++)
        {
            float square = inserter.Insert(open, store.Tail + (long)i * store.Layout.Pitch, store.TailStart + i);
            if (square < 0)
                return i;
            squares += square;
        }

        if (squares > Drift * tokens * store.BuiltMeanSquare)
            return tokens;
        store.Moved(tokens);
        return -1;
    }

    /// <summary>Clusters an open segment, or none, together with tokens of the tail.</summary>
    private unsafe void Cluster(HeadStore store, int batch, int head, int from, int tokens, TreeBuilder builder)
    {
        int held = from < store.Segments.Count ? store.Segments[from].Count : 0;
        builder.Begin(held + tokens, Config);
        if (held > 0)
        {
            builder.Stage(store.Segments[from]);
            builder.StageWithStarts(store.Tail, store.TailStart, tokens);
        }
        else
        {
            builder.Stage(store.Tail, store.TailStart, tokens);
        }

        store.Replace(from, tokens, Build(store, batch, head, builder, true, store.TailStart));
        (store.Insertions, store.BuiltMeanSquare) = (0, builder.MeanSquare);
    }

    /// <summary>Packs a full segment.</summary>
    private void Seal(HeadStore store, int batch, int head, Segment open, TreeBuilder builder)
    {
        builder.Begin(open.Count, Config);
        builder.Stage(open);
        store.Exchange(store.Segments.Count - 1, Build(store, batch, head, builder, false, open.First));
    }
}

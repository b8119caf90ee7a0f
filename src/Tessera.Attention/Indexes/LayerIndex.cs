using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;
using Tessera.Vectors;

namespace Tessera.Attention.Indexes;

/// <summary>The index of one layer: a tree for each text and key head, which share nothing.</summary>
public abstract class LayerIndex
{
    private readonly IProgress<IndexProgress>? _progress;
    private protected readonly HiraCacheOptions Options;

    private protected LayerIndex(int layer, IndexConfig config, HiraCacheOptions options, IProgress<IndexProgress>? progress)
    {
        LayerIdx = layer;
        Config = config;
        Options = options;
        _progress = progress;
    }

    /// <summary>The layer.</summary>
    public int LayerIdx { get; }

    /// <summary>The settings.</summary>
    public IndexConfig Config { get; }

    /// <summary>Texts.</summary>
    public int Batch { get; private set; }

    /// <summary>Key heads.</summary>
    public int Heads { get; private set; }

    /// <summary>Keys of the layer, over all texts and heads, those in the exact zones included.</summary>
    public int NumKeys => Sum(store => store.Keys);

    /// <summary>Those of them that lie in trees.</summary>
    public int NumClusteredKeys => Sum(store => store.ClusteredKeys);

    /// <summary>Clusters on the lowest level of all trees.</summary>
    public int NumClusters => Sum(store => store.Segments.Sum(segment => segment.Levels.Count == 0 ? 0 : CountUsed(segment.Leaves)));

    /// <summary>Segments of all trees.</summary>
    public int NumSegments => Sum(store => store.Segments.Count);

    internal HeadStore[] Stores { get; private set; } = [];

    /// <summary>Levels of the deepest tree, the keys included; 1 while nothing is clustered.</summary>
    public int NumLevels()
    {
        int levels = 1;
        foreach (HeadStore store in Stores)
        {
            foreach (Segment segment in store.Segments)
                levels = Math.Max(levels, 1 + segment.Levels.Count);
        }

        return levels;
    }

    internal static LayerIndex Create(int layer, IndexConfig config, HiraCacheOptions options, IProgress<IndexProgress>? progress) => config switch
    {
        KMeansIndexConfig kmeans => new KMeansIndex(layer, kmeans, options, progress),
        IncrementalIndexConfig incremental => new IncrementalIndex(layer, incremental, options, progress),
        ProductQuantizationIndexConfig quantization => new ProductQuantizationIndex(layer, quantization, options, progress),
        _ => throw new NotSupportedException($"There is no index for a {config.GetType().Name}."),
    };

    internal void SetShape(int batch, int heads, HeadStore[] stores) => (Batch, Heads, Stores) = (batch, heads, stores);

    internal HeadStore Store(int batch, int head) => Stores[batch * Heads + head];

    /// <summary>Adds tokens to one head and puts into the tree what is due.</summary>
    internal void Append(in UpdateCall call, int batch, int head, TreeBuilder builder)
    {
        HeadStore store = Store(batch, head);
        int tokens = call.Count(batch);
        for (int token = 0; token < tokens; token++)
        {
            if (store.TailCount == store.TailLimit)
                Take(batch, head, Options.SegmentSize, builder);
            store.Append(call.Keys[batch, head, token], call.Values[batch, head, token]);
        }

        int due = Due(store);
        if (due > 0)
            Take(batch, head, due, builder);
    }

    /// <summary>Forgets the tokens behind the sinks and before a place.</summary>
    internal void Evict(int batch, int head, int before, TreeBuilder builder)
    {
        HeadStore store = Store(batch, head);
        for (int i = store.Segments.Count - 1; i >= 0; i--)
        {
            Segment segment = store.Segments[i];
            if (segment.End <= before)
            {
                store.Remove(i);
            }
            else if (segment.First < before)
            {
                builder.Begin(segment.Count, Config);
                builder.Stage(segment, before);
                store.Exchange(i, Build(store, batch, head, builder, segment.IsOpen, before));
            }
        }

        store.EvictTail(before);
    }

    /// <summary>How many tokens of the tail are to go into the tree now.</summary>
    internal abstract int Due(HeadStore store);

    /// <summary>Puts the first tokens of the tail into the tree.</summary>
    internal abstract void Take(int batch, int head, int tokens, TreeBuilder builder);

    /// <summary>
    /// Clusters the first tokens of the tail, together with the segments before them that are less than twice as large as what
    /// is being clustered: sizes grow as in a binary counter, and each key is clustered at most about
    /// log2(segment size / interval) times.
    /// </summary>
    private protected unsafe void Merge(int batch, int head, int tokens, TreeBuilder builder)
    {
        HeadStore store = Store(batch, head);
        while (tokens > 0)
        {
            int taken = Math.Min(tokens, Options.SegmentSize), total = taken, from = store.Segments.Count;
            while (from > 0 && store.Segments[from - 1].Count < 2 * total && store.Segments[from - 1].Count + total <= Options.SegmentSize)
                total += store.Segments[--from].Count;
            builder.Begin(total, Config);
            for (int i = from; i < store.Segments.Count; i++)
                builder.Stage(store.Segments[i]);
            if (from < store.Segments.Count)
                builder.StageWithStarts(store.Tail, store.TailStart, taken);
            else
                builder.Stage(store.Tail, store.TailStart, taken);
            store.Replace(from, taken, Build(store, batch, head, builder, false, store.TailStart));
            tokens -= taken;
        }
    }

    /// <summary>Clusters what the builder has staged.</summary>
    private protected Segment Build(HeadStore store, int batch, int head, TreeBuilder builder, bool isOpen, int firstPosition)
    {
        // Not the text's number: a text gives the same tree alone and among others.
        ulong stream = ((ulong)LayerIdx << 48) ^ ((ulong)head << 32) ^ (uint)firstPosition;
        var random = new SeededRandom(Options.Seed, stream);
        Segment segment = builder.Build(isOpen, ref random);
        Finish(store, segment, builder, ref random);
        if (_progress is not null && segment.Levels.Count > 0)
            _progress.Report(new IndexProgress(LayerIdx, batch, head, segment.Count, CountUsed(segment.Leaves), builder.Iterations, builder.MeanSquare));
        return segment;
    }

    /// <summary>What a kind of index adds to a segment that was just clustered.</summary>
    private protected virtual void Finish(HeadStore store, Segment segment, TreeBuilder builder, ref SeededRandom random)
    {
    }

    private static unsafe int CountUsed(ClusterLevel leaves)
    {
        int used = 0;
        for (int i = 0; i < leaves.Count; i++)
            used += leaves.Nodes[i].Count > 0 ? 1 : 0;
        return used;
    }

    private int Sum(Func<HeadStore, int> part) => Stores.Sum(part);
}

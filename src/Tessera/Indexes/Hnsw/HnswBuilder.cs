using System.Collections.Concurrent;
using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Puts vectors into an HNSW graph in batches: the nodes of a batch look for their neighbours in the graph as it was before,
/// side by side, and are then linked in a fixed order. A batch is a small part of the graph, so that little is lost by its
/// nodes not seeing each other, and the result does not depend on the number of threads.
/// (After Malkov and Yashunin, 2018; batches after ParlayANN, 2024.)
/// </summary>
internal sealed class HnswBuilder : IDisposable
{
    /// <summary>A batch is at most this part of the graph.</summary>
    private const int BatchShare = 24;

    private const int MaxBatch = 4096;

    private readonly ByteRecords _records;
    private readonly HnswOptions _options;
    private readonly int _threads;
    private readonly Scratch[] _scratch;
    private readonly ConcurrentDictionary<(int Level, int Node), int[]> _changed = [];

    public HnswBuilder(ByteRecords records, HnswOptions options, int threads)
    {
        _records = records;
        _options = options;
        _threads = Workers.Count(threads);
        _scratch = new Scratch[_threads];
        for (int i = 0; i < _threads; i++)
            _scratch[i] = new Scratch(records);
    }

    /// <summary>The graph with more vectors in it. The one given stays as it was to its readers.</summary>
    public HnswGraph Add(HnswGraph graph, Matrix vectors, ulong seed, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int first = graph.Count, total = first + vectors.Rows;
        byte[] levels = Levels(first, vectors.Rows, seed);
        int upper = levels.Sum(level => level) * (_options.Neighbors + 1);
        HnswGraph grown = graph.WithRoom(total, upper, _options.Neighbors, _records.Size);
        bool inPlace = ReferenceEquals(grown, graph);
        try
        {
            grown = Place(grown, vectors, levels, cancellationToken);
            for (int done = first; done < total;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int batch = Math.Min(total - done, Math.Clamp(done / BatchShare, 1, MaxBatch));
                grown = AddBatch(grown, done, batch, inPlace ? first : 0, cancellationToken);
                done += batch;
                progress?.Report(new TrainingProgress("adding", done - first, vectors.Rows));
            }

            return grown;
        }
        catch
        {
            // Links to nodes that did not come must not stay: others will bear their numbers.
            foreach (((int level, int node), int[] row) in _changed)
                graph.Layer(level, _options.Neighbors).Set(node, row);
            throw;
        }
    }

    public void Dispose()
    {
        foreach (Scratch scratch in _scratch)
            scratch.Dispose();
    }

    /// <summary>Top layers drawn from the exponential law, each from the seed and the node's own number.</summary>
    private byte[] Levels(int first, int count, ulong seed)
    {
        double scale = 1 / Math.Log(_options.Neighbors);
        var levels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            var random = new SeededRandom(seed, (ulong)(first + i));
            levels[i] = (byte)Math.Min(24, -Math.Log(1 - random.NextDouble()) * scale);
        }

        return levels;
    }

    /// <summary>Codes the new vectors and gives them rows without neighbours.</summary>
    private HnswGraph Place(HnswGraph graph, Matrix vectors, byte[] levels, CancellationToken cancellationToken)
    {
        int first = graph.Count, used = graph.UpperUsed, width = 2 * _options.Neighbors + 1;
        levels.CopyTo(graph.Levels.Span[first..]);
        for (int i = 0; i < levels.Length; i++)
        {
            graph.Starts.Span[first + i] = used;
            used += levels[i] * (_options.Neighbors + 1);
        }

        graph.Ground.Span.Slice(first * width, levels.Length * width).Clear();
        graph.Upper.Span[graph.UpperUsed..used].Clear();
        const int Block = 256;
        Workers.For((vectors.Rows + Block - 1) / Block, _threads, (block, _) =>
        {
            for (int i = block * Block; i < Math.Min(vectors.Rows, (block + 1) * Block); i++)
                _records.Encode(vectors[i], graph.Codes.Span.Slice((first + i) * _records.Size, _records.Size));
        }, cancellationToken);
        return graph with { UpperUsed = used };
    }

    /// <param name="graph">The graph so far.</param>
    /// <param name="first">The first node of the batch.</param>
    /// <param name="count">Nodes of the batch.</param>
    /// <param name="kept">Nodes whose links are noted before they are changed, to be put back if the work is stopped.</param>
    /// <param name="cancellationToken">Stops before links are changed.</param>
    private HnswGraph AddBatch(HnswGraph graph, int first, int count, int kept, CancellationToken cancellationToken)
    {
        var edges = new List<Edge>[count];
        Workers.For(count, _threads, (i, worker) =>
        {
            edges[i] = [];
            if (graph.Entry >= 0)
                FindNeighbors(graph, first + i, edges[i], _scratch[worker]);
        }, cancellationToken);

        Edge[] back = [.. edges.SelectMany(each => each)];
        Array.Sort(back);
        var groups = new List<int>();
        for (int i = 0; i < back.Length; i++)
        {
            if (i == 0 || back[i].Level != back[i - 1].Level || back[i].Target != back[i - 1].Target)
                groups.Add(i);
        }

        groups.Add(back.Length);
        // Links in the graph are changed from here on; a batch is not stopped half way.
        Workers.For(groups.Count - 1, _threads, (group, worker) =>
            LinkBack(graph, back.AsSpan(groups[group]..groups[group + 1]), kept, _scratch[worker]), CancellationToken.None);

        int entry = graph.Entry;
        for (int node = first; node < first + count; node++)
        {
            if (entry < 0 || graph.Levels.Span[node] > graph.Levels.Span[entry])
                entry = node;
        }

        return graph with { Count = first + count, Entry = entry };
    }

    /// <summary>Links a new node to its neighbours in all its layers and notes the links back.</summary>
    private void FindNeighbors(HnswGraph graph, int node, List<Edge> edges, Scratch scratch)
    {
        GraphWalk walk = scratch.Walk;
        ReadOnlySpan<byte> codes = graph.Codes.Span;
        _records.Prepare(codes.Slice(node * _records.Size, _records.Size), walk.Query);
        int at = graph.Entry, own = graph.Levels.Span[node];
        for (int level = graph.Top; level > own; level--)
            at = walk.Descend(graph.Layer(level, _options.Neighbors), codes, at, graph.Count);
        for (int level = Math.Min(graph.Top, own); level >= 0; level--)
        {
            LayerLinks layer = graph.Layer(level, _options.Neighbors);
            walk.Search(layer, codes, at, graph.Count, _options.EfConstruction);
            at = walk.Beam.Node(0);
            scratch.Candidates.Clear();
            for (int i = 0; i < walk.Beam.Count; i++)
                scratch.Candidates.Add(new Candidate(walk.Beam.Score(i) + walk.Query.Norm, walk.Beam.Node(i)));
            ReadOnlySpan<int> picked = NeighborHeuristic.Pick(_records, codes, scratch.Candidates, _options.Neighbors, scratch.Picked, scratch.Other);
            layer.Set(node, picked);
            foreach (int neighbor in picked)
                edges.Add(new Edge(level, neighbor, node));
        }
    }

    /// <summary>Links a node to new ones that chose it; when its row is full, the best of all are chosen anew.</summary>
    private void LinkBack(HnswGraph graph, ReadOnlySpan<Edge> edges, int kept, Scratch scratch)
    {
        (int level, int target, _) = edges[0];
        LayerLinks layer = graph.Layer(level, _options.Neighbors);
        ReadOnlySpan<int> old = layer.Of(target);
        if (target < kept && !_changed.ContainsKey((level, target)))
            _changed[(level, target)] = old.ToArray();
        if (old.Length + edges.Length <= layer.Width)
        {
            Span<int> all = stackalloc int[layer.Width];
            old.CopyTo(all);
            for (int i = 0; i < edges.Length; i++)
                all[old.Length + i] = edges[i].Source;
            layer.Set(target, all[..(old.Length + edges.Length)]);
            return;
        }

        ReadOnlySpan<byte> codes = graph.Codes.Span;
        _records.Prepare(codes.Slice(target * _records.Size, _records.Size), scratch.Other);
        scratch.Candidates.Clear();
        foreach (int neighbor in old)
            scratch.Candidates.Add(new Candidate(_records.Whole(scratch.Other, codes, neighbor), neighbor));
        foreach (Edge edge in edges)
            scratch.Candidates.Add(new Candidate(_records.Whole(scratch.Other, codes, edge.Source), edge.Source));
        scratch.Candidates.Sort(static (a, b) => a.Before(b) ? -1 : b.Before(a) ? 1 : 0);
        layer.Set(target, NeighborHeuristic.Pick(_records, codes, scratch.Candidates, layer.Width, scratch.Picked, scratch.Other));
    }

    /// <summary>A link that a new node asks an older one to return; sorted by where it goes.</summary>
    private readonly record struct Edge(int Level, int Target, int Source) : IComparable<Edge>
    {
        public int CompareTo(Edge other)
        {
            int order = Level.CompareTo(other.Level);
            if (order == 0)
                order = Target.CompareTo(other.Target);
            return order != 0 ? order : Source.CompareTo(other.Source);
        }
    }

    private sealed class Scratch(ByteRecords records) : IDisposable
    {
        public GraphWalk Walk { get; } = new(records);

        public ByteQuery Other { get; } = new(records);

        public List<Candidate> Candidates { get; } = [];

        public List<int> Picked { get; } = [];

        public void Dispose()
        {
            Walk.Dispose();
            Other.Dispose();
        }
    }
}

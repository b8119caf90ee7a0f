using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// A hierarchical navigable small-world graph (Malkov and Yashunin, 2018): the fastest search at high recall for vectors
/// that fit in memory. Walks go over vectors of one byte a dimension; the best are then ranked by the whole vectors.
/// Takes longer to build than an inverted file, and links in addition to the vectors.
/// </summary>
public sealed class HnswIndex : VectorIndex
{
    internal const string Kind = "tessera/hnsw";

    private readonly HnswOptions _options;
    private readonly ByteRecords _records;
    private readonly RowStore _rows;
    private readonly IdMap _ids;
    private readonly ScratchPool<HnswScratch> _scratch;
    private readonly TsrReader? _file;
    private State _state;

    /// <summary>Makes an empty index.</summary>
    /// <param name="dimension">Numbers in each vector.</param>
    /// <param name="options">The shape; null for the defaults.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <exception cref="ArgumentException">The shape is out of range; the message says what would be right.</exception>
    public HnswIndex(int dimension, HnswOptions? options = null, Metric metric = Metric.L2)
        : this(dimension, options ?? new HnswOptions(), metric, HnswGraph.Empty, new RowStore(dimension), default, null)
    {
    }

    private HnswIndex(int dimension, HnswOptions options, Metric metric, HnswGraph graph, RowStore rows, ReadOnlyMemory<long> ids, TsrReader? file)
        : base(dimension, metric)
    {
        options.Validate();
        _options = options;
        _records = new ByteRecords(dimension, metric != Metric.InnerProduct);
        _rows = rows;
        _ids = new IdMap(ids);
        _file = file;
        _scratch = new ScratchPool<HnswScratch>(() => new HnswScratch(_records));
        _state = new State(graph, rows.Snapshot, ids);
    }

    /// <summary>The shape.</summary>
    public HnswOptions Options => _options;

    /// <inheritdoc/>
    public override string Specification => $"HNSW{_options.Neighbors}";

    /// <inheritdoc/>
    public override long Count => Volatile.Read(ref _state).Graph.Count;

    /// <inheritdoc/>
    public override bool IsTrained => true;

    /// <inheritdoc/>
    public override SearchKnob Knob => SearchKnob.EfSearch;

    /// <inheritdoc/>
    public override MemoryUsage Memory
    {
        get
        {
            State state = Volatile.Read(ref _state);
            int raw = Dimension * sizeof(float);
            return new MemoryUsage(state.Graph.Count, raw + _records.Size + sizeof(int) * (2 * _options.Neighbors + 1), raw, state.Graph.Bytes + state.Rows.Bytes + _ids.Bytes);
        }
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        RequireTrained();
        State state = Volatile.Read(ref _state);
        HnswFile.Write(path, this, state.Graph, _records.Size, state.Rows, state.Ids);
    }

    internal static HnswIndex Load(TsrReader file, IndexHeader header)
    {
        var records = new ByteRecords(header.Dimension, header.Metric != Metric.InnerProduct);
        (HnswOptions options, HnswGraph graph) = HnswFile.Read(file, header, records.Size);
        return new HnswIndex(header.Dimension, options, header.Metric, graph, IndexFile.ReadRows(file, header), IndexFile.ReadIds(file, header), file);
    }

    private protected override TrainingReport TrainCore(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        new(sample.Rows, []);

    private protected override void AddCore(Matrix vectors, ReadOnlySpan<long> ids, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        State state = _state;
        using var builder = new HnswBuilder(_records, _options, options.Threads);
        HnswGraph graph = builder.Add(state.Graph, vectors, options.Seed, progress, cancellationToken);
        _ids.Append(state.Graph.Count, vectors.Rows, ids);
        _rows.Append(vectors.Span);
        Volatile.Write(ref _state, new State(graph, _rows.Snapshot, _ids.Ids));
    }

    private protected override void CheckKnobs(SearchOptions options)
    {
        if (options.EfSearch is < 0 or > MaxK)
            throw new ArgumentOutOfRangeException(nameof(options), options.EfSearch, $"EfSearch must be between 1 and {MaxK} (or 0 for the index's own setting).");
    }

    private protected override int SearchOne(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options)
    {
        HnswScratch scratch = _scratch.Rent();
        int found = Search(Volatile.Read(ref _state), query, results, options, scratch);
        _scratch.Return(scratch);
        return found;
    }

    private protected override void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        const int Each = 16;
        State state = Volatile.Read(ref _state);
        Workers.For((queries.Rows + Each - 1) / Each, options.Threads, (piece, _) =>
        {
            HnswScratch scratch = _scratch.Rent();
            for (int i = piece * Each; i < Math.Min(queries.Rows, (piece + 1) * Each); i++)
                Search(state, queries[i], results.Span.Slice(i * k, k), options, scratch);
            _scratch.Return(scratch);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _scratch.Dispose();
        _file?.Dispose();
    }

    private int Search(State state, ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options, HnswScratch scratch)
    {
        HnswGraph graph = state.Graph;
        if (graph.Count == 0)
        {
            results.Fill(Neighbor.None);
            return 0;
        }

        int k = results.Length, width = Math.Max(k, options.EfSearch > 0 ? options.EfSearch : _options.EfSearch);
        query = scratch.Prepare(query, Metric);
        GraphWalk walk = scratch.Walk;
        ReadOnlySpan<byte> codes = graph.Codes.Span;
        _records.Prepare(query, walk.Query);
        int at = graph.Entry;
        for (int level = graph.Top; level > 0; level--)
            at = walk.Descend(graph.Layer(level, _options.Neighbors), codes, at, graph.Count);
        walk.Search(graph.Layer(0, _options.Neighbors), codes, at, graph.Count, width);

        Span<Candidate> heap = scratch.Heap(k);
        var top = new TopK(heap);
        int ranked = Math.Min(walk.Beam.Count, Math.Max(2 * k, k + 8));
        for (int i = 0; i < ranked; i++)
        {
            int node = walk.Beam.Node(i);
            top.Push(ExactDistance.Of(Metric, query, state.Rows[node]), node);
        }

        Span<Candidate> found = top.Sort();
        IdMap.Resolve(state.Ids, found, results);
        return found.Length;
    }

    private sealed record State(HnswGraph Graph, RowSnapshot Rows, ReadOnlyMemory<long> Ids);
}

using Tessera.Kernels;
using Tessera.Monitoring;
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

    /// <summary>Nodes that a walk visits for each place in its beam, about: what it costs in comparison with looking at all that pass.</summary>
    private const int VisitsEach = 16;

    /// <summary>Vectors that a matrix product compares with a query in the time of one visit, about.</summary>
    private const int ProductsOfVisit = 8;

    private readonly HnswOptions _options;
    private readonly ByteRecords _records;
    private RowStore _rows;
    private readonly ScratchPool<HnswScratch> _scratch;
    private readonly TsrReader? _file;
    private State _state;

    /// <summary>Makes an empty index.</summary>
    /// <param name="dimension">Numbers in each vector.</param>
    /// <param name="options">The shape; null for the defaults.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <exception cref="ArgumentException">The shape is out of range; the message says what would be right.</exception>
    public HnswIndex(int dimension, HnswOptions? options = null, Metric metric = Metric.L2)
        : this(dimension, options ?? new HnswOptions(), metric, HnswGraph.Empty, new RowStore(dimension), Catalog.Of(0, default), null)
    {
    }

    private HnswIndex(int dimension, HnswOptions options, Metric metric, HnswGraph graph, RowStore rows, Catalog catalog, TsrReader? file)
        : base(dimension, metric)
    {
        options.Validate();
        _options = options;
        _records = new ByteRecords(dimension, metric != Metric.InnerProduct);
        _rows = rows;
        _file = file;
        _scratch = new ScratchPool<HnswScratch>(() => new HnswScratch(_records));
        _state = new State(graph, rows.Snapshot, catalog);
    }

    /// <summary>The shape.</summary>
    public HnswOptions Options => _options;

    /// <inheritdoc/>
    public override string Specification => $"HNSW{_options.Neighbors}";

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
            return new MemoryUsage(state.Catalog.Count, raw + _records.Size + sizeof(int) * (2 * _options.Neighbors + 1), raw, state.Graph.Bytes + state.Rows.Bytes + state.Catalog.Bytes);
        }
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        RequireTrained();
        State state = Volatile.Read(ref _state);
        HnswFile.Write(path, this, state.Graph, _records.Size, state.Rows, state.Catalog);
    }

    internal static HnswIndex Load(TsrReader file, IndexHeader header)
    {
        var records = new ByteRecords(header.Dimension, header.Metric != Metric.InnerProduct);
        (HnswOptions options, HnswGraph graph) = HnswFile.Read(file, header, records.Size);
        return new HnswIndex(header.Dimension, options, header.Metric, graph, IndexFile.ReadRows(file, header), CatalogFile.Read(file, header), file);
    }

    private protected override TrainingReport TrainCore(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        new(sample.Rows, []);

    private protected override void AddCore(Matrix vectors, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        State state = _state;
        using var builder = new HnswBuilder(_records, _options, options.Threads);
        HnswGraph graph = builder.Add(state.Graph, vectors, options.Seed, progress, cancellationToken);
        _rows.Append(vectors.Span);
        Volatile.Write(ref _state, new State(graph, _rows.Snapshot, next));
    }

    private protected override Catalog Catalog => Volatile.Read(ref _state).Catalog;

    private protected override void Show(Catalog next) => Volatile.Write(ref _state, _state with { Catalog = next });

    /// <summary>Builds the graph anew: links around many removed nodes could not be mended as well.</summary>
    private protected override void CompactCore(RowSet kept, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        RowStore rows = _state.Rows.Gather(kept.Members, cancellationToken);
        HnswGraph graph = HnswGraph.Empty;
        using var builder = new HnswBuilder(_records, _options, options.Threads);
        foreach (ReadOnlyMemory<float> chunk in rows.Snapshot.Chunks)
        {
            int left = next.Rows - graph.Count;
            graph = builder.Add(graph, new Matrix(chunk[..Math.Min(chunk.Length, left * Dimension)], Dimension), options.Seed, progress, cancellationToken);
        }

        _rows = rows;
        Volatile.Write(ref _state, new State(graph, rows.Snapshot, next));
    }

    private protected override VectorIndex EmptyTwin() => new HnswIndex(Dimension, _options, Metric);

    private protected override string? DifferenceFrom(VectorIndex other) => null;

    /// <summary>Links the vectors in as an add would: two graphs do not make one by being laid together.</summary>
    private protected override void MergeCore(VectorIndex other, RowSet rows, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var added = new float[checked(rows.Count * Dimension)];
        RowSnapshot others = ((HnswIndex)other)._state.Rows;
        for (int i = 0; i < rows.Count; i++)
            others[rows.Members[i]].CopyTo(added.AsSpan(i * Dimension));
        AddCore(new Matrix(added, Dimension), next, options, progress, cancellationToken);
    }

    private protected override void CheckKnobs(SearchOptions options)
    {
        if (options.EfSearch is < 0 or > MaxK)
            throw new ArgumentOutOfRangeException(nameof(options), options.EfSearch, $"EfSearch must be between 1 and {MaxK} (or 0 for the index's own setting).");
    }

    internal override bool KeepsVectors => true;

    internal override int SearchExactly(ReadOnlySpan<float> query, Span<Neighbor> results, SearchFilter? filter)
    {
        State state = Volatile.Read(ref _state);
        HnswScratch scratch = _scratch.Rent();
        int found = ScanRows(Metric, state.Rows, state.Catalog, filter, scratch.Prepare(query, Metric), results);
        _scratch.Return(scratch);
        return found;
    }

    private protected override int SearchOne(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options)
    {
        State state = Volatile.Read(ref _state);
        HnswScratch scratch = _scratch.Rent();
        int found = Search(state, state.Catalog.Select(options.Filter), query, results, options, scratch);
        _scratch.Return(scratch);
        return found;
    }

    private protected override void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        const int Each = 16;
        State state = Volatile.Read(ref _state);
        RowSet? allowed = state.Catalog.Select(options.Filter);
        if (allowed is not null && FilteredBatch.CopiesRows(allowed, Dimension, queries.Rows, ProductsOfVisit * Visits(allowed, Width(k, options))))
        {
            FlatIndex.SearchKept(this, state.Rows.Gather(allowed.Members, cancellationToken), state.Catalog, allowed, queries, k, results, options, cancellationToken);
            return;
        }

        Workers.For((queries.Rows + Each - 1) / Each, options.Threads, (piece, _) =>
        {
            HnswScratch scratch = _scratch.Rent();
            for (int i = piece * Each; i < Math.Min(queries.Rows, (piece + 1) * Each); i++)
                Search(state, allowed, queries[i], results.Span.Slice(i * k, k), options, scratch);
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

    private int Search(State state, RowSet? allowed, ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options, HnswScratch scratch)
    {
        int width = Width(results.Length, options);
        query = scratch.Prepare(query, Metric);
        var top = new TopK(scratch.Heap(results.Length));
        if (allowed is null)
        {
            Walk(state, query, width, null, ref top, scratch);
        }
        else
        {
            // Where fewer pass than a walk would visit, they are all looked at instead, and so they are if the beam found too few.
            if (allowed.Count > Visits(allowed, width))
                Walk(state, query, (int)Math.Min(Longer(allowed, width), state.Graph.Count), allowed, ref top, scratch);
            if (top.Count < Math.Min(results.Length, allowed.Count))
                ScanAll(state, query, allowed, ref top, scratch, results.Length);
        }

        Span<Candidate> found = top.Sort();
        state.Catalog.Resolve(found, results);
        return found.Length;
    }

    private int Width(int k, SearchOptions options) => Math.Max(k, options.EfSearch > 0 ? options.EfSearch : _options.EfSearch);

    /// <summary>The beam of which as many nodes pass a filter as it has without one.</summary>
    private static double Longer(RowSet allowed, int width) => width / Math.Max(allowed.Share, 1e-9);

    /// <summary>Nodes that a walk with such a beam visits, about.</summary>
    private static double Visits(RowSet allowed, int width) => VisitsEach * Longer(allowed, width);

    /// <summary>Walks through the graph and ranks the best of the beam by whole vectors.</summary>
    private void Walk(State state, ReadOnlySpan<float> query, int width, RowSet? allowed, ref TopK top, HnswScratch scratch)
    {
        HnswGraph graph = state.Graph;
        if (graph.Count == 0)
            return;
        GraphWalk walk = scratch.Walk;
        ReadOnlySpan<byte> codes = graph.Codes.Span;
        _records.Prepare(query, walk.Query);
        int at = graph.Entry;
        for (int level = graph.Top; level > 0; level--)
            at = walk.Descend(graph.Layer(level, _options.Neighbors), codes, at, graph.Count);
        walk.Search(graph.Layer(0, _options.Neighbors), codes, at, graph.Count, width);

        int most = Math.Max(2 * top.Room, top.Room + 8), ranked = most;
        for (int i = 0; i < walk.Beam.Count && ranked > 0; i++)
        {
            int node = walk.Beam.Node(i);
            if (allowed?.Contains(node) == false)
                continue;
            top.Push(ExactDistance.Of(Metric, query, state.Rows[node]), node);
            ranked--;
        }

        if (Telemetry.CountsScans)
            Telemetry.Looked(this, 0, 0, most - ranked);
    }

    /// <summary>Measures all vectors that may be answers.</summary>
    private void ScanAll(State state, ReadOnlySpan<float> query, RowSet allowed, ref TopK top, HnswScratch scratch, int k)
    {
        top = new TopK(scratch.Heap(k));
        foreach (int row in allowed.Members)
            top.Push(ExactDistance.Of(Metric, query, state.Rows[row]), row);
    }

    private sealed record State(HnswGraph Graph, RowSnapshot Rows, Catalog Catalog);
}

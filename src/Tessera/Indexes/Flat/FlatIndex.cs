using Tessera.Kernels;
using Tessera.Monitoring;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Every vector as it is, and every search exact. Batches of queries run at the speed of the matrix product, or several
/// times that where short sketches of long vectors (256 bytes each) rule most rows out; a single query at the speed of
/// the memory. For up to some hundred thousand vectors, and as the truth that other indexes are measured against.
/// </summary>
public sealed class FlatIndex : VectorIndex
{
    internal const string Kind = "tessera/flat";

    /// <summary>Queries below which scanning the rows for each beats packing them for the matrix product.</summary>
    private const int FewQueries = 4;

    /// <summary>Part of the rows below which a search goes from one that a filter keeps to the next, instead of over all.</summary>
    private const double SmallShare = 0.125;

    private readonly ScratchPool<FlatScratch> _scratch = new(() => new FlatScratch());
    private readonly TsrReader? _file;
    private readonly VectorIndex _watched;
    private RowStore _rows;
    private State _state;

    /// <summary>Makes an empty index.</summary>
    /// <param name="dimension">Numbers in each vector, at least 1.</param>
    /// <param name="metric">How vectors are compared.</param>
    public FlatIndex(int dimension, Metric metric = Metric.L2)
        : this(dimension, metric, new RowStore(dimension), Catalog.Of(0, default), null)
    {
    }

    /// <param name="dimension">Numbers in each vector.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <param name="rows">The vectors.</param>
    /// <param name="catalog">Who they are.</param>
    /// <param name="file">Where they lie; null for in memory.</param>
    /// <param name="watched">The index to which searches are counted; null for this one.</param>
    private FlatIndex(int dimension, Metric metric, RowStore rows, Catalog catalog, TsrReader? file, VectorIndex? watched = null)
        : base(dimension, metric)
    {
        _file = file;
        _watched = watched ?? this;
        _rows = rows;
        _state = new State(_rows.Snapshot, catalog, new RowSketches());
    }

    /// <inheritdoc/>
    public override string Specification => "Flat";

    /// <inheritdoc/>
    public override bool IsTrained => true;

    /// <inheritdoc/>
    public override bool CanProve => true;

    /// <inheritdoc/>
    public override MemoryUsage Memory
    {
        get
        {
            State state = Volatile.Read(ref _state);
            return new MemoryUsage(state.Catalog.Count, Dimension * sizeof(float), Dimension * sizeof(float), state.Rows.Bytes + state.Sketches.Bytes + state.Catalog.Bytes);
        }
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        RequireTrained();
        State state = Volatile.Read(ref _state);
        using TsrWriter writer = IndexFile.Create(path, Kind, this, state.Rows.Rows);
        IndexFile.WriteRows(writer, state.Rows);
        CatalogFile.Write(writer, state.Catalog);
        writer.Commit();
    }

    internal static FlatIndex Load(TsrReader file, IndexHeader header) =>
        new(header.Dimension, header.Metric, IndexFile.ReadRows(file, header), CatalogFile.Read(file, header), file);

    private protected override TrainingReport TrainCore(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        new(sample.Rows, []);

    private protected override Catalog Catalog => Volatile.Read(ref _state).Catalog;

    private protected override void AddCore(Matrix vectors, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _rows.Append(vectors.Span);
        Volatile.Write(ref _state, _state with { Rows = _rows.Snapshot, Catalog = next });
        progress?.Report(new TrainingProgress("adding", vectors.Rows, vectors.Rows));
    }

    private protected override void Show(Catalog next) => Volatile.Write(ref _state, _state with { Catalog = next });

    private protected override void CompactCore(RowSet kept, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        RowStore rows = _state.Rows.Gather(kept.Members, cancellationToken);
        _rows = rows;
        // The old sketches are left to searches under way.
        Volatile.Write(ref _state, new State(rows.Snapshot, next, new RowSketches()));
        progress?.Report(new TrainingProgress("compacting", next.Rows, next.Rows));
    }

    internal override bool KeepsVectors => true;

    internal override int SearchExactly(ReadOnlySpan<float> query, Span<Neighbor> results, SearchFilter? filter) =>
        SearchOne(query, results, new SearchOptions { Filter = filter });

    private protected override VectorIndex EmptyTwin() => new FlatIndex(Dimension, Metric);

    private protected override string? DifferenceFrom(VectorIndex other) => null;

    private protected override void MergeCore(VectorIndex other, RowSet rows, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        State state = _state;
        try
        {
            ((FlatIndex)other)._state.Rows.AppendTo(_rows, rows.Members, null, cancellationToken);
        }
        catch
        {
            _rows.Restore(state.Rows);
            throw;
        }

        Volatile.Write(ref _state, state with { Rows = _rows.Snapshot, Catalog = next });
        progress?.Report(new TrainingProgress("merging", rows.Count, rows.Count));
    }

    private protected override int SearchOne(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options)
    {
        State state = Volatile.Read(ref _state);
        FlatScratch scratch = _scratch.Rent();
        int found = Scan(state, state.Catalog.Select(options.Filter), query, results, scratch);
        _scratch.Return(scratch);
        return found;
    }

    private protected override void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        State state = Volatile.Read(ref _state);
        RowSet? allowed = state.Catalog.Select(options.Filter);
        if (FilteredBatch.CopiesRows(allowed, Dimension, queries.Rows, state.Rows.Rows))
        {
            SearchKept(this, state.Rows.Gather(allowed!.Members, cancellationToken), state.Catalog, allowed, queries, k, results, options, cancellationToken);
            return;
        }

        SearchMany(state, allowed, queries, k, results, options, cancellationToken);
    }

    /// <summary>Answers a batch from the few rows that a filter keeps, as from an index of their own: the fastest way through them.</summary>
    /// <param name="whole">The index that they are of.</param>
    /// <param name="rows">Copies of them, in their order.</param>
    /// <param name="catalog">Who is in that index.</param>
    /// <param name="kept">Which of its rows they are.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="k">Answers for each.</param>
    /// <param name="results">Receives them.</param>
    /// <param name="options">Threads; the filter is not looked at.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static void SearchKept(
        VectorIndex whole, RowStore rows, Catalog catalog, RowSet kept, Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        var ids = new long[kept.Count];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = catalog.IdOf(kept.Members[i]);
        using var few = new FlatIndex(whole.Dimension, whole.Metric, rows, Catalog.Of(ids.Length, ids), null, whole);
        few.SearchMany(few._state, null, queries, k, results, options, cancellationToken);
    }

    private void SearchMany(State state, RowSet? allowed, Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        int threads = Workers.Count(options.Threads);
        bool few = queries.Rows < FewQueries * threads;
        int each = few ? 1 : FlatScratch.QueriesEach(queries.Rows, threads, k);
        RowSketches.Block[] blocks = !few && state.Sketches.Suit(state.Rows, each) ? state.Sketches.Cover(state.Rows, threads, cancellationToken) : [];
        Workers.For((queries.Rows + each - 1) / each, threads, (piece, _) =>
        {
            FlatScratch scratch = _scratch.Rent();
            int start = piece * each, count = Math.Min(each, queries.Rows - start);
            Span<Neighbor> answers = results.Span.Slice(start * k, count * k);
            ReadOnlySpan<float> some = queries.Slice(start, count).Span;
            if (few)
                Scan(state, allowed, some, answers, scratch);
            else
                Multiply(state, allowed, blocks, some, count, k, answers, scratch, cancellationToken);
            _scratch.Return(scratch);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _scratch.Dispose();
        _state.Sketches.Dispose();
        _file?.Dispose();
    }

    private int Scan(State state, RowSet? allowed, ReadOnlySpan<float> query, Span<Neighbor> results, FlatScratch scratch)
    {
        if (Telemetry.CountsScans)
            Telemetry.Looked(_watched, 0, allowed?.Share < SmallShare ? allowed.Count : state.Rows.Rows, 0);
        Span<Candidate> heap = scratch.HeapRoom(results.Length);
        ReadOnlySpan<float> prepared = scratch.Prepare(query, Dimension, Metric);
        int found = allowed?.Share < SmallShare
            ? FlatSearch.Scan(Metric, state.Rows, allowed.Members, prepared, heap)
            : FlatSearch.Scan(Metric, state.Rows, allowed, prepared, heap, scratch.Distances);
        state.Catalog.Resolve(heap[..found], results);
        return found;
    }

    private void Multiply(State state, RowSet? allowed, RowSketches.Block[] blocks, ReadOnlySpan<float> queries, int count, int k, Span<Neighbor> results, FlatScratch scratch, CancellationToken cancellationToken)
    {
        if (Telemetry.CountsScans)
            Telemetry.Looked(_watched, 0, (long)count * state.Rows.Rows, 0);
        ReadOnlySpan<float> prepared = scratch.Prepare(queries, Dimension, Metric);
        bool pruned = blocks.Length > 0 && FlatSearch.Prune(Metric, state.Rows, allowed, state.Sketches, blocks, prepared, count, k, scratch, cancellationToken);
        if (!pruned)
        {
            if (blocks.Length > 0)
                state.Sketches.GiveUp();
            FlatSearch.Multiply(Metric, state.Rows, allowed, prepared, count, k, scratch, cancellationToken);
        }

        for (int i = 0; i < count; i++)
        {
            Span<Neighbor> answers = results.Slice(i * k, k);
            Span<Candidate> nearest = scratch.Sorted(i);
            if (FlatSearch.Proves(Metric, Dimension, i, nearest, scratch))
                state.Catalog.Resolve(nearest, answers);
            else
                ScanAlone(state, allowed, queries.Slice(i * Dimension, Dimension), answers);
        }
    }

    /// <summary>Answers a query for which the product is too coarse: vectors that lie closer together than their lengths round, or are the same.</summary>
    private void ScanAlone(State state, RowSet? allowed, ReadOnlySpan<float> query, Span<Neighbor> results)
    {
        FlatScratch scratch = _scratch.Rent();
        Scan(state, allowed, query, results, scratch);
        _scratch.Return(scratch);
    }

    private sealed record State(RowSnapshot Rows, Catalog Catalog, RowSketches Sketches);
}

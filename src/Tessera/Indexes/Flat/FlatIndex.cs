using Tessera.Kernels;
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

    private readonly RowStore _rows;
    private readonly IdMap _ids;
    private readonly RowSketches _sketches = new();
    private readonly ScratchPool<FlatScratch> _scratch;
    private readonly TsrReader? _file;
    private State _state;

    /// <summary>Makes an empty index.</summary>
    /// <param name="dimension">Numbers in each vector, at least 1.</param>
    /// <param name="metric">How vectors are compared.</param>
    public FlatIndex(int dimension, Metric metric = Metric.L2)
        : this(dimension, metric, new RowStore(dimension), default, null)
    {
    }

    private FlatIndex(int dimension, Metric metric, RowStore rows, ReadOnlyMemory<long> ids, TsrReader? file)
        : base(dimension, metric)
    {
        _file = file;
        _rows = rows;
        _ids = new IdMap(ids);
        _scratch = new ScratchPool<FlatScratch>(() => new FlatScratch());
        _state = new State(_rows.Snapshot, ids);
    }

    /// <inheritdoc/>
    public override string Specification => "Flat";

    /// <inheritdoc/>
    public override long Count => Volatile.Read(ref _state).Rows.Rows;

    /// <inheritdoc/>
    public override bool IsTrained => true;

    /// <inheritdoc/>
    public override MemoryUsage Memory
    {
        get
        {
            State state = Volatile.Read(ref _state);
            return new MemoryUsage(state.Rows.Rows, Dimension * sizeof(float), Dimension * sizeof(float), state.Rows.Bytes + _sketches.Bytes + _ids.Bytes);
        }
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        RequireTrained();
        State state = Volatile.Read(ref _state);
        using TsrWriter writer = IndexFile.Create(path, Kind, this, state.Rows.Rows);
        IndexFile.WriteRows(writer, state.Rows);
        IndexFile.WriteIds(writer, state.Ids);
        writer.Commit();
    }

    internal static FlatIndex Load(TsrReader file, IndexHeader header) =>
        new(header.Dimension, header.Metric, IndexFile.ReadRows(file, header), IndexFile.ReadIds(file, header), file);

    private protected override TrainingReport TrainCore(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        new(sample.Rows, []);

    private protected override void AddCore(Matrix vectors, ReadOnlySpan<long> ids, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ids.Append(_state.Rows.Rows, vectors.Rows, ids);
        _rows.Append(vectors.Span);
        Volatile.Write(ref _state, new State(_rows.Snapshot, _ids.Ids));
        progress?.Report(new TrainingProgress("adding", vectors.Rows, vectors.Rows));
    }

    private protected override int SearchOne(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options)
    {
        State state = Volatile.Read(ref _state);
        FlatScratch scratch = _scratch.Rent();
        int found = Scan(state, query, results, scratch);
        _scratch.Return(scratch);
        return found;
    }

    private protected override void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        State state = Volatile.Read(ref _state);
        int threads = Workers.Count(options.Threads);
        bool few = queries.Rows < FewQueries * threads;
        int each = few ? 1 : FlatScratch.QueriesEach(queries.Rows, threads, k);
        RowSketches.Block[] blocks = !few && _sketches.Suit(state.Rows, each) ? _sketches.Cover(state.Rows, threads, cancellationToken) : [];
        Workers.For((queries.Rows + each - 1) / each, threads, (piece, _) =>
        {
            FlatScratch scratch = _scratch.Rent();
            int start = piece * each, count = Math.Min(each, queries.Rows - start);
            Span<Neighbor> answers = results.Span.Slice(start * k, count * k);
            ReadOnlySpan<float> some = queries.Slice(start, count).Span;
            if (few)
                Scan(state, some, answers, scratch);
            else
                Multiply(state, blocks, some, count, k, answers, scratch, cancellationToken);
            _scratch.Return(scratch);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _scratch.Dispose();
        _sketches.Dispose();
        _file?.Dispose();
    }

    private int Scan(State state, ReadOnlySpan<float> query, Span<Neighbor> results, FlatScratch scratch)
    {
        Span<Candidate> heap = scratch.HeapRoom(results.Length);
        int found = FlatSearch.Scan(Metric, state.Rows, scratch.Prepare(query, Dimension, Metric), heap, scratch.Distances);
        IdMap.Resolve(state.Ids, heap[..found], results);
        return found;
    }

    private void Multiply(State state, RowSketches.Block[] blocks, ReadOnlySpan<float> queries, int count, int k, Span<Neighbor> results, FlatScratch scratch, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> prepared = scratch.Prepare(queries, Dimension, Metric);
        bool pruned = blocks.Length > 0 && FlatSearch.Prune(Metric, state.Rows, _sketches, blocks, prepared, count, k, scratch, cancellationToken);
        if (!pruned)
        {
            if (blocks.Length > 0)
                _sketches.GiveUp();
            FlatSearch.Multiply(Metric, state.Rows, prepared, count, k, scratch, cancellationToken);
        }

        for (int i = 0; i < count; i++)
        {
            Span<Neighbor> answers = results.Slice(i * k, k);
            Span<Candidate> nearest = scratch.Sorted(i);
            if (FlatSearch.Proves(Metric, Dimension, i, nearest, scratch))
                IdMap.Resolve(state.Ids, nearest, answers);
            else
                ScanAlone(state, queries.Slice(i * Dimension, Dimension), answers);
        }
    }

    /// <summary>Answers a query for which the product is too coarse: vectors that lie closer together than their lengths round, or are the same.</summary>
    private void ScanAlone(State state, ReadOnlySpan<float> query, Span<Neighbor> results)
    {
        FlatScratch scratch = _scratch.Rent();
        Scan(state, query, results, scratch);
        _scratch.Return(scratch);
    }

    private sealed record State(RowSnapshot Rows, ReadOnlyMemory<long> Ids);
}

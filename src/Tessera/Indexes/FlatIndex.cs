using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Every vector as it is, and every search exact. Batches of queries run at the speed of the matrix product, a single one
/// at that of the memory. For up to some hundred thousand vectors, and as the truth that other indexes are measured against.
/// </summary>
public sealed class FlatIndex : VectorIndex
{
    internal const string Kind = "tessera/flat";

    /// <summary>Queries below which scanning the rows for each beats packing them for the matrix product.</summary>
    private const int FewQueries = 4;

    private readonly RowStore _rows;
    private readonly IdMap _ids;
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
    public override long Count => _state.Rows.Rows;

    /// <inheritdoc/>
    public override bool IsTrained => true;

    /// <inheritdoc/>
    public override MemoryUsage Memory
    {
        get
        {
            State state = Volatile.Read(ref _state);
            return new MemoryUsage(state.Rows.Rows, Dimension * sizeof(float), Dimension * sizeof(float), state.Rows.Bytes + state.Ids.Length * sizeof(long));
        }
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
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
        Span<Candidate> heap = scratch.Heaps(results.Length);
        int found = Scan(state.Rows, scratch.Prepare(query, Metric), heap, scratch);
        IdMap.Resolve(state.Ids, heap[..found], results);
        _scratch.Return(scratch);
        return found;
    }

    private protected override void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        State state = Volatile.Read(ref _state);
        int threads = Workers.Count(options.Threads);
        int each = queries.Rows < FewQueries * threads ? 1 : FlatScratch.QueriesEach(queries.Rows, threads, k);
        Workers.For((queries.Rows + each - 1) / each, threads, (piece, _) =>
        {
            FlatScratch scratch = _scratch.Rent();
            int start = piece * each, count = Math.Min(each, queries.Rows - start);
            Span<Neighbor> answers = results.Span.Slice(start * k, count * k);
            Span<Candidate> heaps = scratch.Heaps(count * k);
            if (count == 1)
            {
                int found = Scan(state.Rows, scratch.Prepare(queries[start], Metric), heaps, scratch);
                IdMap.Resolve(state.Ids, heaps[..found], answers);
            }
            else
            {
                ReadOnlySpan<float> prepared = scratch.Prepare(queries.Slice(start, count), Metric);
                Multiply(state.Rows, prepared, count, k, heaps, scratch, cancellationToken);
                for (int i = 0; i < count; i++)
                {
                    Span<Candidate> heap = heaps.Slice(i * k, scratch.Counts[i]);
                    MeasureAnew(state.Rows, prepared.Slice(i * Dimension, Dimension), heap);
                    IdMap.Resolve(state.Ids, heap, answers.Slice(i * k, k));
                }
            }

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

    /// <summary>One query past all rows; the memory's bandwidth is the limit.</summary>
    private int Scan(RowSnapshot rows, ReadOnlySpan<float> query, Span<Candidate> heap, FlatScratch scratch)
    {
        var top = new TopK(heap);
        Span<float> distances = scratch.Distances;
        for (int row = 0; row < rows.Rows;)
        {
            ReadOnlySpan<float> run = rows.Run(row, distances.Length);
            int count = run.Length / Dimension;
            ExactDistance.OfMany(Metric, query, run, distances[..count]);
            for (int i = 0; i < count; i++)
            {
                if (distances[i] <= top.Threshold)
                    top.Push(distances[i], row + i);
            }

            row += count;
        }

        return top.Sort().Length;
    }

    /// <summary>Many queries against all rows, block by block.</summary>
    private void Multiply(RowSnapshot rows, ReadOnlySpan<float> queries, int count, int k, Span<Candidate> heaps, FlatScratch scratch, CancellationToken cancellationToken)
    {
        int block = MatrixProduct.BlockSize(Dimension);
        Panels left = scratch.Left.Pack(queries, count, Dimension, Dimension);
        scratch.Start(count, block);
        for (int row = 0; row < rows.Rows;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<float> run = rows.Run(row, block);
            int taken = run.Length / Dimension;
            Panels right = scratch.Right.Pack(run, taken, Dimension, Dimension);
            if (Metric == Metric.L2)
                Distance.SquaredNorms(run, Dimension, scratch.Offsets.AsSpan(0, taken));
            NearestRight.Push(left, right, scratch.Offsets, Metric == Metric.L2 ? -2 : -1, row, k, heaps, scratch.Counts, scratch.Thresholds);
            row += taken;
        }
    }

    /// <summary>Replaces the product's distances, which lack the digits that large norms share, by direct ones, and sorts.</summary>
    private void MeasureAnew(RowSnapshot rows, ReadOnlySpan<float> query, Span<Candidate> heap)
    {
        for (int i = 0; i < heap.Length; i++)
            heap[i] = heap[i] with { Distance = ExactDistance.Of(Metric, query, rows[heap[i].Ordinal]) };
        heap.Sort(static (a, b) => a.Before(b) ? -1 : b.Before(a) ? 1 : 0);
    }

    private sealed record State(RowSnapshot Rows, ReadOnlyMemory<long> Ids);
}

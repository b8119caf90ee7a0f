using Tessera.Kernels;
using Tessera.Monitoring;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// An inverted file of whole vectors: k-means cuts the space into lists, and a search measures exactly the vectors of the
/// lists whose centroids are nearest to the query. A batch reads each list once for all queries that visit it, so that
/// batches run at the speed of the matrix product. Builds in a fraction of a graph's time; for single queries at high recall
/// prefer <see cref="HnswIndex"/>, for little memory <see cref="IvfPqIndex"/>.
/// </summary>
public sealed class IvfFlatIndex : VectorIndex
{
    internal const string Kind = "tessera/ivf-flat";

    /// <summary>Queries of a batch that one thread takes at a time; the more, the more of them meet in a list.</summary>
    private const int MaxQueriesEach = 1024;

    /// <summary>Training vectors for each list below which training warns.</summary>
    private const int MinPointsPerList = 39;

    private readonly IvfFlatOptions _options;
    private readonly ScratchPool<IvfFlatScratch> _scratch = new(() => new IvfFlatScratch());
    private readonly TsrReader? _file;
    private readonly ListChooser<RowList<float>> _chooser = new(static list => list.Ordinals[..list.Count]);
    private CoarseQuantizer? _coarse;
    private State _state;

    /// <summary>Makes an untrained index.</summary>
    /// <param name="dimension">Numbers in each vector.</param>
    /// <param name="options">The shape; null for the defaults.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <exception cref="ArgumentException">The shape is out of range; the message says what would be right.</exception>
    public IvfFlatIndex(int dimension, IvfFlatOptions? options = null, Metric metric = Metric.L2)
        : this(dimension, options ?? new IvfFlatOptions(), metric, null, null, Catalog.Of(0, default), null)
    {
    }

    private IvfFlatIndex(int dimension, IvfFlatOptions options, Metric metric, CoarseQuantizer? coarse, RowList<float>[]? lists, Catalog catalog, TsrReader? file)
        : base(dimension, metric)
    {
        options.Validate();
        _options = options;
        _coarse = coarse;
        _file = file;
        if (lists is null)
        {
            lists = new RowList<float>[options.Lists];
            Array.Fill(lists, RowList<float>.Empty);
        }

        _state = new State(lists, catalog);
    }

    /// <summary>The shape.</summary>
    public IvfFlatOptions Options => _options;

    /// <inheritdoc/>
    public override string Specification => $"IVF{_options.Lists},Flat";

    /// <inheritdoc/>
    public override bool IsTrained => Volatile.Read(ref _coarse) is not null;

    /// <inheritdoc/>
    public override int Lists => _options.Lists;

    /// <inheritdoc/>
    public override IndexClusters? Clusters()
    {
        State state = Volatile.Read(ref _state);
        return IndexClusters.OfLists(state.Lists.Length, list => state.Lists[list].Ordinals.Span[..state.Lists[list].Count], state.Catalog);
    }

    /// <inheritdoc/>
    public override SearchKnob Knob => SearchKnob.Probes;

    /// <inheritdoc/>
    public override MemoryUsage Memory
    {
        get
        {
            State state = Volatile.Read(ref _state);
            long bytes = state.Catalog.Bytes + (_coarse?.Bytes ?? 0) + state.Lists.Sum(list => list.Bytes);
            return new MemoryUsage(state.Catalog.Count, Dimension * sizeof(float), Dimension * sizeof(float), bytes);
        }
    }

    /// <inheritdoc/>
    public override int TrainingVectors(BuildOptions? options = null)
    {
        int each = CoarseQuantizer.PointsPerList(options);
        return each == 0 ? int.MaxValue : (int)Math.Min((long)each * _options.Lists, int.MaxValue);
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        RequireTrained();
        State state = Volatile.Read(ref _state);
        IvfFlatFile.Write(path, this, _coarse!.Centroids, state.Lists, state.Catalog);
    }

    internal static IvfFlatIndex Load(TsrReader file, IndexHeader header)
    {
        IvfFlatOptions options = IvfFlatFile.ReadOptions(file);
        var coarse = new CoarseQuantizer(IvfFlatFile.ReadCentroids(file, header, options), header.Metric);
        RowList<float>[] lists = IvfFlatFile.ReadLists(file, header, options.Lists);
        return new IvfFlatIndex(header.Dimension, options, header.Metric, coarse, lists, CatalogFile.Read(file, header), file);
    }

    private protected override TrainingReport TrainCore(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (sample.Rows < _options.Lists)
            throw new ArgumentException($"{sample.Rows} training vectors are too few for {Specification}, which needs at least {_options.Lists}, better {MinPointsPerList * _options.Lists}; or use fewer lists.", nameof(sample));
        Volatile.Write(ref _coarse, CoarseQuantizer.Train(sample, _options.Lists, Metric, options, progress, cancellationToken));
        return new TrainingReport(sample.Rows, sample.Rows < MinPointsPerList * _options.Lists
            ? [$"{sample.Rows} training vectors are few for {Specification}; {MinPointsPerList * _options.Lists} would be enough."]
            : []);
    }

    private protected override Catalog Catalog => Volatile.Read(ref _state).Catalog;

    private protected override void AddCore(Matrix vectors, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        State state = _state;
        var membersOf = new ListMembers(_coarse!.Assign(vectors, options.Threads, cancellationToken), _options.Lists);
        var longer = (RowList<float>[])state.Lists.Clone();
        Workers.For(longer.Length, options.Threads, (list, _) =>
        {
            if (!membersOf[list].IsEmpty)
                longer[list] = longer[list].Append(vectors.Span, membersOf[list], Dimension, state.Catalog.Rows);
        }, cancellationToken);
        Volatile.Write(ref _state, new State(longer, next));
        progress?.Report(new TrainingProgress("adding", vectors.Rows, vectors.Rows));
    }

    private protected override void Show(Catalog next) => Volatile.Write(ref _state, new State(_state.Lists, next));

    private protected override void CompactCore(RowSet kept, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int[] ranks = kept.Ranks();
        var shorter = new RowList<float>[_options.Lists];
        Workers.For(shorter.Length, options.Threads, (list, _) => shorter[list] = _state.Lists[list].Keep(ranks, Dimension), cancellationToken);
        Volatile.Write(ref _state, new State(shorter, next));
        progress?.Report(new TrainingProgress("compacting", next.Rows, next.Rows));
    }

    private protected override VectorIndex EmptyTwin() => new IvfFlatIndex(Dimension, _options, Metric, _coarse?.Copy(), null, Catalog.Of(0, default), null);

    private protected override string? DifferenceFrom(VectorIndex other) => CoarseQuantizer.Difference(_coarse!, ((IvfFlatIndex)other)._coarse!);

    private protected override void MergeCore(VectorIndex other, RowSet rows, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        RowList<float>[] added = ((IvfFlatIndex)other)._state.Lists;
        int[] ordinals = rows.Ranks(_state.Catalog.Rows);
        var lists = new RowList<float>[Lists];
        Workers.For(lists.Length, options.Threads, (list, _) => lists[list] = _state.Lists[list].Append(added[list], ordinals, Dimension), cancellationToken);
        Volatile.Write(ref _state, new State(lists, next));
        progress?.Report(new TrainingProgress("merging", rows.Count, rows.Count));
    }

    private protected override void CheckKnobs(SearchOptions options)
    {
        if (options.Probes < 0 || options.Probes > Lists)
            throw new ArgumentOutOfRangeException(nameof(options), options.Probes, $"Probes must be between 1 and the number of lists, {Lists} (or 0 for the index's own setting).");
    }

    internal override bool KeepsVectors => true;

    internal override int SearchExactly(ReadOnlySpan<float> query, Span<Neighbor> results, SearchFilter? filter) =>
        SearchOne(query, results, new SearchOptions { Filter = filter, Probes = Lists });

    private protected override int SearchOne(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options) =>
        SearchAlone(Volatile.Read(ref _state), query, results, options, counted: false);

    private protected override void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        State state = Volatile.Read(ref _state);
        ListChoice choice = Choice(state, options, k, counted: false);
        if (choice.Allowed is { } allowed && FilteredBatch.CopiesRows(allowed, Dimension, queries.Rows, choice.Visits(Lists)))
        {
            FlatIndex.SearchKept(this, Gather(state, allowed), state.Catalog, allowed, queries, k, results, options, cancellationToken);
            return;
        }

        int threads = Workers.Count(options.Threads);
        int each = Math.Clamp((queries.Rows + threads - 1) / threads, 1, Math.Clamp((1 << 22) / k, 1, MaxQueriesEach));
        Workers.For((queries.Rows + each - 1) / each, threads, (piece, _) =>
        {
            IvfFlatScratch scratch = _scratch.Rent();
            int start = piece * each, count = Math.Min(each, queries.Rows - start);
            SearchPiece(state, choice, queries.Slice(start, count).Span, count, k, results.Span.Slice(start * k, count * k), options, scratch, cancellationToken);
            _scratch.Return(scratch);
        }, cancellationToken);
    }

    /// <summary>Copies of the vectors that may be answers, in the order in which they were added.</summary>
    private RowStore Gather(State state, RowSet allowed)
    {
        var gathered = new float[allowed.Count * Dimension];
        foreach (RowList<float> list in state.Lists)
        {
            ReadOnlySpan<int> ordinals = list.Ordinals.Span[..list.Count];
            for (int i = 0; i < ordinals.Length; i++)
            {
                if (allowed.Contains(ordinals[i]))
                    list.Rows.Span.Slice(i * Dimension, Dimension).CopyTo(gathered.AsSpan(allowed.Members.BinarySearch(ordinals[i]) * Dimension));
            }
        }

        var rows = new RowStore(Dimension);
        rows.Append(gathered);
        return rows;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _scratch.Dispose();
        _file?.Dispose();
    }

    /// <summary>Measures one query's lists directly: a single query, or one of a batch for which the product is too coarse.</summary>
    private int SearchAlone(State state, ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options, bool counted)
    {
        ListChoice choice = Choice(state, options, results.Length, counted);
        IvfFlatScratch scratch = _scratch.Rent();
        ReadOnlySpan<float> prepared = scratch.Prepare(query, Dimension, Metric);
        var top = new TopK(scratch.HeapRoom(results.Length));
        Span<float> distances = Measure(prepared, 1, scratch);
        Span<Candidate> visited = choice.Choose(distances, scratch.ProbeRoom(Lists));
        foreach (Candidate list in visited)
            IvfFlatSearch.ScanAlone(Metric, Dimension, state.Lists[list.Ordinal], choice.Allowed, prepared, ref top, scratch);
        if (Telemetry.CountsScans)
            ReportVisited(state, visited);
        Span<Candidate> found = top.Sort();
        state.Catalog.Resolve(found, results);
        int count = found.Length;
        _scratch.Return(scratch);
        return choice.Misses(count) ? SearchAlone(state, query, results, options, counted: true) : count;
    }

    /// <summary>Answers some queries together.</summary>
    private void SearchPiece(State state, ListChoice choice, ReadOnlySpan<float> queries, int count, int k, Span<Neighbor> results, SearchOptions options, IvfFlatScratch scratch, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> prepared = scratch.Prepare(queries, Dimension, Metric);
        int room = ProductRounding.Room(k);
        var search = new IvfFlatSearch(Metric, Dimension, state.Lists, state.Starts, choice.Allowed, room);
        scratch.Start(count, room);
        Distance.SquaredNorms(prepared, Dimension, scratch.Norms.AsSpan(0, count));
        Choose(state, prepared, count, choice, scratch);

        search.VisitAll(prepared, scratch, cancellationToken);
        for (int i = 0; i < count; i++)
        {
            Span<Neighbor> answers = results.Slice(i * k, k);
            if (search.Finish(prepared.Slice(i * Dimension, Dimension), i, k, scratch, out Span<Candidate> nearest) && !choice.Misses(nearest.Length))
                state.Catalog.Resolve(nearest, answers);
            else
                SearchAlone(state, queries.Slice(i * Dimension, Dimension), answers, options, counted: false);
        }
    }

    private ListChoice Choice(State state, SearchOptions options, int k, bool counted) =>
        _chooser.For(state.Catalog, state.Lists, options.Filter, options.Probes > 0 ? options.Probes : _options.Probes, k, counted);

    /// <summary>Notes the lists that each query visits.</summary>
    private void Choose(State state, ReadOnlySpan<float> queries, int count, ListChoice choice, IvfFlatScratch scratch)
    {
        scratch.NearestVisits.Clear();
        scratch.OtherVisits.Clear();
        Span<float> distances = Measure(queries, count, scratch);
        for (int i = 0; i < count; i++)
        {
            ListVisits visits = scratch.NearestVisits;
            Span<Candidate> visited = choice.Choose(distances.Slice(i * Lists, Lists), scratch.ProbeRoom(Lists));
            foreach (Candidate list in visited)
            {
                visits.Add(list.Ordinal, i);
                visits = scratch.OtherVisits;
            }

            if (Telemetry.CountsScans)
                ReportVisited(state, visited);
        }
    }

    private void ReportVisited(State state, ReadOnlySpan<Candidate> visited)
    {
        long scanned = 0;
        foreach (Candidate list in visited)
            scanned += state.Lists[list.Ordinal].Count;
        Telemetry.Looked(this, visited.Length, scanned, 0);
    }

    /// <summary>The distances of queries to the lists.</summary>
    private Span<float> Measure(ReadOnlySpan<float> queries, int count, IvfFlatScratch scratch)
    {
        Span<float> distances = scratch.CoarseRoom(count * Lists);
        _coarse!.Measure(queries, count, scratch.Left, distances);
        return distances;
    }

    /// <summary>What a search sees from its beginning to its end.</summary>
    private sealed class State
    {
        public State(RowList<float>[] lists, Catalog catalog)
        {
            Lists = lists;
            Catalog = catalog;
            Starts = new int[lists.Length];
            int start = 0;
            for (int i = 0; i < lists.Length; i++)
            {
                Starts[i] = start;
                start += lists[i].Count;
            }
        }

        public RowList<float>[] Lists { get; }

        /// <summary>The number of the first vector of each list.</summary>
        public int[] Starts { get; }

        public Catalog Catalog { get; }
    }
}

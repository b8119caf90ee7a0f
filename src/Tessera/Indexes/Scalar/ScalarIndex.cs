using Tessera.Kernels;
using Tessera.Monitoring;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Vectors with a byte or two for each number (<see cref="ScalarQuantizer"/>), all of them scanned by each search or, with
/// <see cref="ScalarIndexOptions.Lists"/>, those of the lists nearest to the query. A quarter or half of the memory of
/// <see cref="FlatIndex"/> at next to its recall, and faster for a single query by as much, since the memory is what it
/// waits for. For large batches over all vectors prefer <see cref="FlatIndex"/>, for less memory <see cref="IvfPqIndex"/>.
/// Distances are those of what the codes stand for.
/// </summary>
public sealed class ScalarIndex : VectorIndex
{
    internal const string Kind = "tessera/scalar";

    /// <summary>Queries of a batch that pass the codes together.</summary>
    private const int QueriesEach = 16;

    /// <summary>Part of the codes below which a search goes from one that a filter keeps to the next, instead of over all.</summary>
    private const double SmallShare = 0.125;

    /// <summary>Bytes in each piece of an index without lists.</summary>
    private const int PieceBytes = 1 << 22;

    /// <summary>Training vectors for the grids: 256 for each step of a byte.</summary>
    private const int Steps = 256;

    private const int MinPointsPerList = 39;

    private readonly ScalarIndexOptions _options;
    private readonly ScratchPool<ScalarScratch> _scratch;
    private readonly TsrReader? _file;
    private readonly ListChooser<RowList<byte>> _chooser = new(static list => list.Ordinals[..list.Count]);
    private readonly int _codeSize;
    private Trained? _trained;
    private State _state;

    /// <summary>Makes an index. One of 16-bit floats without lists needs no training.</summary>
    /// <param name="dimension">Numbers in each vector.</param>
    /// <param name="options">The shape; null for the defaults.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <exception cref="ArgumentException">The shape is out of range; the message says what would be right.</exception>
    public ScalarIndex(int dimension, ScalarIndexOptions? options = null, Metric metric = Metric.L2)
        : this(dimension, options ?? new ScalarIndexOptions(), metric, null, null, Catalog.Of(0, default), null)
    {
    }

    private ScalarIndex(int dimension, ScalarIndexOptions options, Metric metric, Trained? trained, RowList<byte>[]? lists, Catalog catalog, TsrReader? file)
        : base(dimension, metric)
    {
        options.Validate();
        var untrained = new ScalarQuantizer(dimension, options.Code);
        if (trained is null && options.Lists == 0 && untrained.IsTrained)
            trained = new Trained(untrained, null);
        if (lists is null)
        {
            lists = new RowList<byte>[options.Lists];
            Array.Fill(lists, RowList<byte>.Empty);
        }

        (_options, _trained, _file, _codeSize) = (options, trained, file, untrained.CodeSize);
        _scratch = new ScratchPool<ScalarScratch>(() => new ScalarScratch(dimension));
        _state = new State(lists, catalog);
    }

    /// <summary>The shape.</summary>
    public ScalarIndexOptions Options => _options;

    /// <inheritdoc/>
    public override string Specification =>
        (_options.Lists > 0 ? $"IVF{_options.Lists}," : "") + _options.Code switch { ScalarCode.EightBit => "SQ8", ScalarCode.Half => "SQfp16", _ => "SQbf16" };

    /// <inheritdoc/>
    public override bool IsTrained => Volatile.Read(ref _trained) is not null;

    /// <inheritdoc/>
    public override int Lists => Math.Max(1, _options.Lists);

    /// <inheritdoc/>
    public override IndexClusters? Clusters()
    {
        State state = Volatile.Read(ref _state);
        return _options.Lists == 0
            ? null
            : IndexClusters.OfLists(state.Lists.Length, list => state.Lists[list].Ordinals.Span[..state.Lists[list].Count], state.Catalog);
    }

    /// <inheritdoc/>
    public override SearchKnob Knob => _options.Lists > 0 ? SearchKnob.Probes : SearchKnob.None;

    /// <inheritdoc/>
    public override MemoryUsage Memory
    {
        get
        {
            State state = Volatile.Read(ref _state);
            long bytes = state.Catalog.Bytes + state.Lists.Sum(list => list.Bytes) + (_trained is { } trained ? trained.Quantizer.Bytes + (trained.Coarse?.Bytes ?? 0) : 0);
            return new MemoryUsage(state.Catalog.Count, _codeSize, Dimension * sizeof(float), bytes);
        }
    }

    /// <inheritdoc/>
    public override int TrainingVectors(BuildOptions? options = null)
    {
        int each = (options ?? BuildOptions.Default).MaxPointsPerCentroid;
        long steps = _options.Code == ScalarCode.EightBit ? (long)each * Steps : 0, lists = (long)CoarseQuantizer.PointsPerList(options) * _options.Lists;
        return each == 0 && (_options.Lists > 0 || _options.Code == ScalarCode.EightBit) ? int.MaxValue : (int)Math.Min(Math.Max(steps, lists), int.MaxValue);
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        RequireTrained();
        State state = Volatile.Read(ref _state);
        ScalarFile.Write(path, this, _trained!.Quantizer, _trained.Coarse, state.Lists, state.Catalog);
    }

    internal static ScalarIndex Load(TsrReader file, IndexHeader header)
    {
        ScalarIndexOptions options = ScalarFile.ReadOptions(file);
        ScalarQuantizer quantizer = ScalarFile.ReadQuantizer(file, header, options);
        CoarseQuantizer? coarse = ScalarFile.ReadCoarse(file, header, options);
        RowList<byte>[] lists = ScalarFile.ReadLists(file, header, options, quantizer.CodeSize);
        return new ScalarIndex(header.Dimension, options, header.Metric, new Trained(quantizer, coarse), lists, CatalogFile.Read(file, header), file);
    }

    /// <summary>The codes of an index without lists lie in pieces of this many, of which the last may be part full.</summary>
    internal static int[] SizesOfPieces(int count, int codeSize)
    {
        int each = RowsOfPiece(codeSize);
        var sizes = new int[((long)count + each - 1) / each];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = Math.Min(each, count - i * each);
        return sizes;
    }

    private protected override TrainingReport TrainCore(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (sample.Rows < _options.Lists)
            throw new ArgumentException($"{sample.Rows} training vectors are too few for {Specification}, which needs at least {_options.Lists}, better {MinPointsPerList * _options.Lists}; or use fewer lists.", nameof(sample));
        CoarseQuantizer? coarse = _options.Lists > 0 ? CoarseQuantizer.Train(sample, _options.Lists, Metric, options, progress, cancellationToken) : null;
        var quantizer = new ScalarQuantizer(Dimension, _options.Code);
        quantizer.Train(sample, options, cancellationToken);
        Volatile.Write(ref _trained, new Trained(quantizer, coarse));
        return new TrainingReport(sample.Rows, sample.Rows < MinPointsPerList * _options.Lists
            ? [$"{sample.Rows} training vectors are few for {Specification}; {MinPointsPerList * _options.Lists} would be enough."]
            : []);
    }

    private protected override Catalog Catalog => Volatile.Read(ref _state).Catalog;

    private protected override void AddCore(Matrix vectors, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        State state = _state;
        RowList<byte>[] lists = state.Lists;
        // An array holds the codes of so many.
        int most = Math.Max(1, (1 << 30) / _codeSize);
        for (int start = 0; start < vectors.Rows; start += most)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Matrix some = vectors.Slice(start, Math.Min(most, vectors.Rows - start));
            lists = Append(lists, some, state.Catalog.Rows + start, options.Threads, cancellationToken);
            progress?.Report(new TrainingProgress("adding", start + some.Rows, vectors.Rows));
        }

        cancellationToken.ThrowIfCancellationRequested();
        Volatile.Write(ref _state, new State(lists, next));
    }

    private protected override void Show(Catalog next) => Volatile.Write(ref _state, _state with { Catalog = next });

    private protected override void CompactCore(RowSet kept, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int[] ranks = kept.Ranks();
        var shorter = new RowList<byte>[_state.Lists.Length];
        Workers.For(shorter.Length, options.Threads, (list, _) => shorter[list] = _state.Lists[list].Keep(ranks, _codeSize), cancellationToken);
        // Pieces, unlike lists, are nothing by themselves.
        Volatile.Write(ref _state, new State(_options.Lists > 0 ? shorter : [.. shorter.Where(piece => piece.Count > 0)], next));
        progress?.Report(new TrainingProgress("compacting", next.Rows, next.Rows));
    }

    private protected override VectorIndex EmptyTwin() => new ScalarIndex(
        Dimension, _options, Metric, _trained is { } trained ? trained with { Coarse = trained.Coarse?.Copy() } : null, null, Catalog.Of(0, default), null);

    private protected override string? DifferenceFrom(VectorIndex other)
    {
        Trained one = _trained!, two = ((ScalarIndex)other)._trained!;
        return one.Quantizer.Grids.Span.SequenceEqual(two.Quantizer.Grids.Span)
            ? one.Coarse is null ? null : CoarseQuantizer.Difference(one.Coarse, two.Coarse!)
            : "other grids";
    }

    private protected override void MergeCore(VectorIndex other, RowSet rows, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        State state = _state, added = ((ScalarIndex)other)._state;
        int[] ordinals = rows.Ranks(state.Catalog.Rows);
        var lists = new RowList<byte>[added.Lists.Length];
        Workers.For(lists.Length, options.Threads, (list, _) =>
        {
            RowList<byte> before = _options.Lists > 0 ? state.Lists[list] : RowList<byte>.Empty;
            lists[list] = before.Append(added.Lists[list], ordinals, _codeSize);
        }, cancellationToken);
        Volatile.Write(ref _state, new State(_options.Lists > 0 ? lists : [.. state.Lists, .. lists.Where(piece => piece.Count > 0)], next));
        progress?.Report(new TrainingProgress("merging", rows.Count, rows.Count));
    }

    private protected override void CheckKnobs(SearchOptions options)
    {
        if (_options.Lists > 0 && (options.Probes < 0 || options.Probes > Lists))
            throw new ArgumentOutOfRangeException(nameof(options), options.Probes, $"Probes must be between 1 and the number of lists, {Lists} (or 0 for the index's own setting).");
    }

    private protected override int SearchOne(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options) =>
        SearchAlone(Volatile.Read(ref _state), query, results, options, counted: false);

    private protected override void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        State state = Volatile.Read(ref _state);
        ListChoice choice = Choice(state, options, k, counted: false);
        if (_options.Lists > 0 && choice.Allowed is { } allowed && FilteredBatch.CopiesCodes(allowed, _codeSize, queries.Rows, choice.Visits(Lists)))
        {
            int[] numbers = allowed.Numbers();
            var few = new RowList<byte>[Lists];
            Workers.For(few.Length, options.Threads, (list, _) => few[list] = state.Lists[list].Keep(numbers, _codeSize), cancellationToken);
            (state, choice) = (state with { Lists = few }, choice with { Allowed = null });
        }

        int threads = Workers.Count(options.Threads);
        int each = Math.Clamp((queries.Rows + threads - 1) / threads, 1, Math.Clamp((1 << 22) / k, 1, QueriesEach));
        Workers.For((queries.Rows + each - 1) / each, threads, (piece, _) =>
        {
            ScalarScratch scratch = _scratch.Rent();
            int start = piece * each, count = Math.Min(each, queries.Rows - start);
            SearchBlock(state, choice, queries.Slice(start, count).Span, count, k, results.Span.Slice(start * k, count * k), options, scratch);
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

    private static int RowsOfPiece(int codeSize) => Math.Max(ScalarScratch.RowBlock, PieceBytes / codeSize);

    private RowList<byte>[] Append(RowList<byte>[] lists, Matrix vectors, int firstOrdinal, int threads, CancellationToken cancellationToken)
    {
        Trained trained = _trained!;
        var codes = new byte[vectors.Rows * _codeSize];
        trained.Quantizer.Encode(vectors, codes, threads);
        int[] homes = trained.Coarse?.Assign(vectors, threads, cancellationToken) ?? Pieces(ref lists, vectors.Rows);
        var membersOf = new ListMembers(homes, lists.Length);
        var longer = (RowList<byte>[])lists.Clone();
        Workers.For(longer.Length, threads, (list, _) =>
        {
            if (!membersOf[list].IsEmpty)
                longer[list] = longer[list].Append(codes, membersOf[list], _codeSize, firstOrdinal);
        }, cancellationToken);
        return longer;
    }

    /// <summary>The piece of each of some new codes: the last one while it has room, and then new ones.</summary>
    private int[] Pieces(ref RowList<byte>[] lists, int count)
    {
        int each = RowsOfPiece(_codeSize), last = Math.Max(0, lists.Length - 1), held = lists.Length == 0 ? 0 : lists[last].Count;
        var pieces = new int[count];
        for (int i = 0; i < count; i++)
            pieces[i] = last + (int)(((long)held + i) / each);
        if (count > 0 && pieces[^1] >= lists.Length)
            lists = [.. lists, .. Enumerable.Repeat(RowList<byte>.Empty, pieces[^1] + 1 - lists.Length)];
        return pieces;
    }

    private int SearchAlone(State state, ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options, bool counted)
    {
        ScalarScratch scratch = _scratch.Rent();
        int found = SearchBlock(state, Choice(state, options, results.Length, counted), query, 1, results.Length, results, options, scratch);
        _scratch.Return(scratch);
        return found;
    }

    /// <summary>Answers a few queries together.</summary>
    /// <returns>Answers of the last query.</returns>
    private int SearchBlock(State state, ListChoice choice, ReadOnlySpan<float> queries, int count, int k, Span<Neighbor> results, SearchOptions options, ScalarScratch scratch)
    {
        Trained trained = _trained!;
        ReadOnlySpan<float> prepared = scratch.Start(queries, count, k, Metric, trained.Quantizer);
        var search = new ScalarSearch(trained.Quantizer, choice.Allowed, k, scratch);
        if (trained.Coarse is { } coarse)
            VisitLists(state, choice, coarse, prepared, count, search, scratch);
        else
            VisitPieces(state, choice.Allowed, count, search);

        int found = 0;
        for (int i = 0; i < count; i++)
        {
            Span<Neighbor> answers = results.Slice(i * k, k);
            Span<Candidate> nearest = scratch.Heap(i, k).Sort();
            // What a code stands for may be a little longer than the vector.
            for (int j = 0; j < nearest.Length && Metric == Metric.Cosine; j++)
                nearest[j] = nearest[j] with { Distance = Math.Max(0, nearest[j].Distance) };
            state.Catalog.Resolve(nearest, answers);
            found = trained.Coarse is not null && choice.Misses(nearest.Length)
                ? SearchAlone(state, queries.Slice(i * Dimension, Dimension), answers, options, counted: true)
                : nearest.Length;
        }

        return found;
    }

    private void VisitLists(State state, ListChoice choice, CoarseQuantizer coarse, ReadOnlySpan<float> queries, int count, ScalarSearch search, ScalarScratch scratch)
    {
        Span<float> distances = scratch.CoarseRoom(count * Lists);
        coarse.Measure(queries, count, scratch.Left, distances);
        for (int i = 0; i < count; i++)
        {
            Span<Candidate> visited = choice.Choose(distances.Slice(i * Lists, Lists), scratch.ProbeRoom(Lists));
            long scanned = 0;
            foreach (Candidate list in visited)
            {
                search.Visit(state.Lists[list.Ordinal], i, 1);
                scanned += state.Lists[list.Ordinal].Count;
            }

            if (Telemetry.CountsScans)
                Telemetry.Looked(this, visited.Length, scanned, 0);
        }
    }

    private static void VisitPieces(State state, RowSet? allowed, int count, ScalarSearch search)
    {
        bool few = allowed?.Share < SmallShare;
        ReadOnlySpan<int> members = few ? allowed!.Members : default;
        foreach (RowList<byte> piece in state.Lists)
        {
            if (!few)
            {
                search.Visit(piece, 0, count);
                continue;
            }

            int here = members.BinarySearch(piece.Ordinals.Span[piece.Count - 1] + 1);
            here = here < 0 ? ~here : here;
            search.VisitMembers(piece, members[..here], count);
            members = members[here..];
        }
    }

    private ListChoice Choice(State state, SearchOptions options, int k, bool counted) => _options.Lists == 0
        ? new ListChoice(state.Catalog.Select(options.Filter), null, 1, k)
        : _chooser.For(state.Catalog, state.Lists, options.Filter, options.Probes > 0 ? options.Probes : _options.Probes, k, counted);

    /// <summary>What training made.</summary>
    private sealed record Trained(ScalarQuantizer Quantizer, CoarseQuantizer? Coarse);

    /// <summary>What a search sees from its beginning to its end: the lists, or the pieces of an index without lists.</summary>
    private sealed record State(RowList<byte>[] Lists, Catalog Catalog);
}

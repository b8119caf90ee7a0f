using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Monitoring;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// An inverted file of product codes (Jegou, Douze and Schmid, 2011): k-means cuts the space into lists, and each list
/// holds the codes of its vectors' residuals. A search visits the lists whose centroids are nearest to the query.
/// For collections too large to keep whole; where memory allows and recall matters most, keep the vectors too
/// (<see cref="IvfPqOptions.Refine"/>). Residual codes may take the place of product codes
/// (<see cref="IvfPqOptions.Levels"/>), and there may be no lists at all: then every search scans all codes.
/// </summary>
/// <remarks>
/// The distance of a code y = c + r is |q - c|^2 + (|r|^2 + 2 c . r) - 2 q . r: the first part is known from the choice of
/// lists, the second is kept with each code, and the third comes from tables that depend on the query alone.
/// So tables are made once a query, not once a list. The inner product -q . y = -q . c - q . r needs no second part.
/// Where vectors are coded as they are, c is zero in all of this. A residual code is scanned in the same way as a product
/// code: its r is a sum of one entry of each level, and so is q . r a sum of one table entry of each.
/// </remarks>
public sealed class IvfPqIndex : VectorIndex
{
    internal const string Kind = "tessera/ivf-pq";

    /// <summary>Queries of a batch that one thread takes at a time: their tables stay in the second-level cache or just beyond.</summary>
    private const int QueriesEach = 12;

    /// <summary>Numbers in all tables of those queries: fewer queries are taken where codes of many bits have tables of megabytes.</summary>
    private const long TableNumbers = 1 << 22;

    /// <summary>Vectors that are coded before the first of them go into their lists: bounds what an add of many takes beside them.</summary>
    private const int AddedTogether = 1 << 16;

    private readonly IvfPqOptions _options;
    private readonly ScratchPool<IvfPqScratch> _scratch;
    private readonly TsrReader? _file;
    private readonly ListChooser<CodeList> _chooser = new(static list => list.Ordinals[..list.Count]);
    private KeptVectors _kept;
    private Trained? _trained;
    private State _state;

    /// <summary>Makes an untrained index.</summary>
    /// <param name="dimension">Numbers in each vector.</param>
    /// <param name="options">The shape; null for the defaults.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <exception cref="ArgumentException">The shape does not fit the dimension; the message says what would.</exception>
    public IvfPqIndex(int dimension, IvfPqOptions? options = null, Metric metric = Metric.L2)
        : this(dimension, options ??= new IvfPqOptions(), metric, EmptyLists(dimension, options), new KeptVectors(dimension, options.Refine), Catalog.Of(0, default), null)
    {
    }

    private IvfPqIndex(int dimension, IvfPqOptions options, Metric metric, CodeList[] lists, KeptVectors kept, Catalog catalog, TsrReader? file)
        : base(dimension, metric)
    {
        _options = options;
        _kept = kept;
        _file = file;
        _scratch = new ScratchPool<IvfPqScratch>(() => new IvfPqScratch());
        _state = new State(lists, catalog, kept.Snapshot);
    }

    /// <summary>The shape.</summary>
    public IvfPqOptions Options => _options;

    /// <inheritdoc/>
    public override string Specification =>
        $"{(_options.Lists > 0 ? $"IVF{_options.Lists}," : "")}{Code}{_options.Refine.Suffix()}";

    /// <inheritdoc/>
    public override bool IsTrained => Volatile.Read(ref _trained) is not null;

    /// <inheritdoc/>
    public override int Lists => _options.ListCount;

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
    public override int TrainingVectors(BuildOptions? options = null)
    {
        int each = (options ?? BuildOptions.Default).MaxPointsPerCentroid;
        long lists = (long)CoarseQuantizer.PointsPerList(options) * _options.Lists, entries = Math.Max((long)each << _options.Bits, ProductQuantizer.LeastSample);
        return each == 0 ? int.MaxValue : (int)Math.Min(Math.Max(lists, entries), int.MaxValue);
    }

    /// <summary>Training vectors that are enough: 39 for each list and for each entry of a codebook.</summary>
    public int SufficientTrainingVectors =>
        ProductQuantizer.MinPointsPerCentroid * Math.Max(_options.Lists, 1 << _options.Bits);

    /// <inheritdoc/>
    public override MemoryUsage Memory
    {
        get
        {
            State state = Volatile.Read(ref _state);
            long bytes = state.Catalog.Bytes + state.Kept.Bytes + (_trained is { } trained ? trained.Coarse.Bytes + trained.Codes.Bytes : 0);
            foreach (CodeList list in state.Lists)
                bytes += list.Bytes;
            return new MemoryUsage(state.Catalog.Count, _options.CodeSize, Dimension * sizeof(float), bytes);
        }
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        RequireTrained();
        State state = Volatile.Read(ref _state);
        IvfPqFile.Write(path, this, _trained!.Coarse.Centroids, _trained.Codes, _trained.Residual, state.Lists, state.Kept, state.Catalog);
    }

    internal static IvfPqIndex Load(TsrReader file, IndexHeader header)
    {
        // Sections are held against the numbers of the options before anything of such a size is made.
        IvfPqOptions options = IvfPqFile.ReadOptions(file, header);
        Matrix centroids = IvfPqFile.ReadCentroids(file, header, options);
        TableCodes codes = IvfPqFile.ReadCodes(file, header, options);
        CodeList[] lists = IvfPqFile.ReadLists(file, header, options);
        KeptVectors kept = KeptVectors.Read(file, header, options.Refine);
        return new IvfPqIndex(header.Dimension, options, header.Metric, lists, kept, CatalogFile.Read(file, header), file)
        {
            _trained = new Trained(new CoarseQuantizer(centroids, header.Metric), codes, options.Residual == true),
        };
    }

    private bool Refines => _options.Refine != RefineStorage.None;

    private string Code => _options.Levels > 0 ? $"RQ{_options.Levels}x{_options.Bits}" : $"PQ{_options.Subquantizers}{(_options.Bits == 8 ? "" : $"x{_options.Bits}")}";

    /// <summary>Numbers in the tables of one query.</summary>
    private long TableEntries => (long)_options.Parts << _options.Bits;

    /// <summary>Searches by the plain scan, which the tests compare the fast one with.</summary>
    internal int SearchPlain(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options) =>
        SearchAlone(Volatile.Read(ref _state), query, results, options, plain: true, counted: false);

    private protected override TrainingReport TrainCore(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int entries = 1 << _options.Bits, least = Math.Max(_options.Lists, entries);
        if (sample.Rows < least)
            throw new ArgumentException($"{sample.Rows} training vectors are too few for {Specification}, which needs at least {least}, better {SufficientTrainingVectors}; or use fewer lists or bits.", nameof(sample));
        // Without lists, one that all vectors belong to, with a centroid that is taken from none.
        CoarseQuantizer coarse = _options.Lists > 0
            ? CoarseQuantizer.Train(sample, _options.Lists, Metric, options, progress, cancellationToken)
            : new CoarseQuantizer(new Matrix(new float[Dimension], Dimension), Metric);
        long most = options.MaxPointsPerCentroid == 0 ? sample.Rows : Math.Max((long)options.MaxPointsPerCentroid * entries, ProductQuantizer.LeastSample);
        var random = new SeededRandom(options.Seed, 0x1F5);
        Matrix part = sample.Rows <= most ? sample : sample.Select(random.Sample((int)most, sample.Rows));
        bool residual = _options.Lists > 0 && (_options.Residual ?? (_options.Levels > 0 || ResidualsCodeBetter(coarse, part, random, options, cancellationToken)));
        TableCodes codes = TableCodes.Of(Dimension, _options);
        codes.Train(residual ? coarse.Residuals(part, options.Threads, cancellationToken) : part, options, progress, cancellationToken);
        Volatile.Write(ref _trained, new Trained(coarse, codes, residual));
        return new TrainingReport(sample.Rows, sample.Rows < SufficientTrainingVectors
            ? [$"{sample.Rows} training vectors are few for {Specification}; {SufficientTrainingVectors} would be enough."]
            : []);
    }

    /// <summary>Subtracting a centroid takes the lists' variance away, but also what is exactly zero in sparse data.</summary>
    private bool ResidualsCodeBetter(CoarseQuantizer coarse, Matrix vectors, SeededRandom random, BuildOptions options, CancellationToken cancellationToken)
    {
        // As many as a trial makes use of.
        long most = options.MaxPointsPerCentroid == 0 ? vectors.Rows : (long)options.MaxPointsPerCentroid << _options.Bits;
        Matrix some = vectors.Rows <= most ? vectors : vectors.Select(random.Sample((int)most, vectors.Rows));
        return Error(coarse.Residuals(some, options.Threads, cancellationToken)) <= Error(some);

        double Error(Matrix coded) => CodingTrial.Error(coded, null, _options.Subquantizers, _options.Bits, options, cancellationToken);
    }

    private protected override Catalog Catalog => Volatile.Read(ref _state).Catalog;

    private protected override void AddCore(Matrix vectors, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        State state = _state;
        Trained trained = _trained!;
        _kept.Check(vectors);
        CodeList[] lists = state.Lists;
        for (int start = 0; start < vectors.Rows; start += AddedTogether)
        {
            int before = start;
            Matrix block = vectors.Slice(start, Math.Min(AddedTogether, vectors.Rows - start));
            var coded = new CodedVectors(block, trained.Coarse, trained.Codes, _options.Parts, trained.Residual, Metric, options.Threads, done => progress?.Report(new TrainingProgress("adding", before + done, vectors.Rows)), cancellationToken);
            lists = coded.AppendTo(lists, state.Catalog.Rows + start, options.Threads, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        _kept.Append(vectors.Span, options.SpillFolder);
        Volatile.Write(ref _state, new State(lists, next, _kept.Snapshot));
    }

    private protected override void Show(Catalog next) => Volatile.Write(ref _state, _state with { Catalog = next });

    private protected override void CompactCore(RowSet kept, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var vectors = new KeptVectors(Dimension, _options.Refine);
        try
        {
            int[] ranks = kept.Ranks();
            var lists = new CodeList[Lists];
            Workers.For(lists.Length, options.Threads, (list, _) => lists[list] = _state.Lists[list].Keep(ranks), cancellationToken);
            vectors.Append(_state.Kept, kept.Members, options.SpillFolder, cancellationToken);
            // The file of the vectors before, if there is one, is left to searches under way and goes with the last.
            _kept = vectors;
            Volatile.Write(ref _state, new State(lists, next, vectors.Snapshot));
        }
        catch
        {
            vectors.Dispose();
            throw;
        }

        progress?.Report(new TrainingProgress("compacting", next.Rows, next.Rows));
    }

    private protected override VectorIndex EmptyTwin() =>
        new IvfPqIndex(Dimension, _options, Metric) { _trained = _trained is { } trained ? trained with { Coarse = trained.Coarse.Copy() } : null };

    private protected override string? DifferenceFrom(VectorIndex other)
    {
        Trained one = _trained!, two = ((IvfPqIndex)other)._trained!;
        if (one.Residual != two.Residual)
            return $"codes of {(one.Residual ? "residuals" : "vectors")} here, of {(two.Residual ? "residuals" : "vectors")} there";
        return CoarseQuantizer.Difference(one.Coarse, two.Coarse)
            ?? (one.Codes.Codebooks.Span.SequenceEqual(two.Codes.Codebooks.Span) && one.Codes.Order.SequenceEqual(two.Codes.Order) ? null : "other codebooks");
    }

    private protected override void MergeCore(VectorIndex other, RowSet rows, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        State state = _state, added = ((IvfPqIndex)other)._state;
        int[] ordinals = rows.Ranks(state.Catalog.Rows);
        var lists = new CodeList[Lists];
        Workers.For(lists.Length, options.Threads, (list, _) => lists[list] = state.Lists[list].Append(added.Lists[list], ordinals), cancellationToken);
        _kept.Append(added.Kept, rows.Members, options.SpillFolder, cancellationToken);
        Volatile.Write(ref _state, new State(lists, next, _kept.Snapshot));
        progress?.Report(new TrainingProgress("merging", rows.Count, rows.Count));
    }

    private protected override void CheckKnobs(SearchOptions options)
    {
        if (_options.Lists > 0 && (options.Probes < 0 || options.Probes > Lists))
            throw new ArgumentOutOfRangeException(nameof(options), options.Probes, $"Probes must be between 1 and the number of lists, {Lists} (or 0 for the index's own setting).");
        if (Refines && options.RerankFactor is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(options), options.RerankFactor, "RerankFactor must be between 1 and 1000.");
    }

    private protected override int SearchOne(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options) =>
        SearchAlone(Volatile.Read(ref _state), query, results, options, plain: false, counted: false);

    private protected override void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        State state = Volatile.Read(ref _state);
        ListChoice choice = Choice(state, options, k, counted: false);
        double visits = choice.Visits(Lists);
        if (choice.Allowed is { } kept && state.Kept.Storage == RefineStorage.Full && FilteredBatch.CopiesRows(kept, Dimension, queries.Rows, visits))
        {
            FlatIndex.SearchKept(this, state.Kept.Floats.Gather(kept.Members, cancellationToken), state.Catalog, kept, queries, k, results, options, cancellationToken);
            return;
        }

        if (choice.Allowed is { } allowed && FilteredBatch.CopiesCodes(allowed, _options.CodeSize, queries.Rows, visits))
        {
            int[] numbers = allowed.Numbers();
            var few = new CodeList[Lists];
            Workers.For(few.Length, options.Threads, (list, _) => few[list] = state.Lists[list].Keep(numbers), cancellationToken);
            (state, choice) = (state with { Lists = few }, choice with { Allowed = null });
        }

        int each = (int)Math.Clamp(TableNumbers / TableEntries, 1, QueriesEach);
        Workers.For((queries.Rows + each - 1) / each, options.Threads, (piece, _) =>
        {
            int start = piece * each, count = Math.Min(each, queries.Rows - start);
            IvfPqScratch scratch = _scratch.Rent();
            SearchBlock(state, choice, queries.Slice(start, count).Span, count, k, results.Span.Slice(start * k, count * k), options, scratch, plain: false);
            _scratch.Return(scratch);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _scratch.Dispose();
        _kept.Dispose();
        _file?.Dispose();
    }

    /// <summary>Answers a few queries together: one product with all centroids, one with all codebooks, then a scan for each.</summary>
    /// <returns>Answers of the last query.</returns>
    private int SearchBlock(State state, ListChoice choice, ReadOnlySpan<float> queries, int count, int k, Span<Neighbor> results, SearchOptions options, IvfPqScratch scratch, bool plain)
    {
        Trained trained = _trained!;
        ReadOnlySpan<float> given = queries;
        queries = Prepare(queries, scratch);
        Span<float> offsetsOfAll = IvfPqScratch.Room(ref scratch.Offsets, count * Lists);
        trained.Coarse.Measure(queries, count, scratch.Left, offsetsOfAll);
        AlignedBuffer<float> tables = scratch.TableRoom(count * TableEntries);
        trained.Codes.NegatedTables(queries, count, scratch.SubLeft, tables);

        int wanted = Refines ? (int)Math.Min((long)k * options.RerankFactor, MaxK) : k, found = 0;
        Span<Candidate> answers = IvfPqScratch.Room(ref scratch.Answers, wanted);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> query = queries.Slice(i * Dimension, Dimension);
            Span<float> offsets = offsetsOfAll.Slice(i * Lists, Lists);
            Span<Candidate> visited = choice.Choose(offsets, IvfPqScratch.Room(ref scratch.Probes, Lists));
            scratch.Scan.Begin(tables, i * TableEntries, _options.Parts, _options.Bits, Metric == Metric.InnerProduct ? 1 : 2, wanted, choice.Allowed, plain);
            if (!trained.Residual)
                offsets.Fill(Metric switch { Metric.L2 => Distance.Dot(query, query), Metric.Cosine => 1, _ => 0 });
            foreach (Candidate list in visited)
                scratch.Scan.Scan(state.Lists[list.Ordinal], list.Ordinal, offsets[list.Ordinal]);
            Span<Candidate> candidates = scratch.Scan.Finish(state.Lists, offsets, answers);
            if (Telemetry.CountsScans)
                Telemetry.Looked(this, visited.Length, scratch.Scan.Scanned, Refines ? candidates.Length : 0);
            Span<Candidate> nearest = Finish(candidates, query, state.Kept, k);
            state.Catalog.Resolve(nearest, results.Slice(i * k, k));
            found = choice.Misses(nearest.Length)
                ? SearchAlone(state, given.Slice(i * Dimension, Dimension), results.Slice(i * k, k), options, plain, counted: true)
                : nearest.Length;
        }

        return found;
    }

    private int SearchAlone(State state, ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options, bool plain, bool counted)
    {
        IvfPqScratch scratch = _scratch.Rent();
        int found = SearchBlock(state, Choice(state, options, results.Length, counted), query, 1, results.Length, results, options, scratch, plain);
        _scratch.Return(scratch);
        return found;
    }

    private ListChoice Choice(State state, SearchOptions options, int k, bool counted) =>
        _chooser.For(state.Catalog, state.Lists, options.Filter, Math.Min(options.Probes > 0 ? options.Probes : _options.Probes, Lists), k, counted);

    private ReadOnlySpan<float> Prepare(ReadOnlySpan<float> queries, IvfPqScratch scratch)
    {
        if (Metric != Metric.Cosine)
            return queries;
        Span<float> copy = IvfPqScratch.Room(ref scratch.Queries, queries.Length);
        for (int i = 0; i < queries.Length; i += Dimension)
            Normalisation.Apply(queries.Slice(i, Dimension), copy.Slice(i, Dimension));
        return copy;
    }

    /// <summary>Reranks where vectors are kept, and gives distances as the metric defines them.</summary>
    private Span<Candidate> Finish(Span<Candidate> candidates, ReadOnlySpan<float> query, KeptSnapshot kept, int k)
    {
        if (Refines)
        {
            kept.Measure(Metric, query, candidates);
            candidates.Sort(static (a, b) => a.Before(b) ? -1 : b.Before(a) ? 1 : 0);
            return candidates[..Math.Min(k, candidates.Length)];
        }

        if (Metric != Metric.InnerProduct)
        {
            // For vectors of length 1, 1 - cos is half the squared distance.
            float scale = Metric == Metric.Cosine ? 0.5f : 1;
            for (int i = 0; i < candidates.Length; i++)
                candidates[i] = candidates[i] with { Distance = Math.Max(0, scale * candidates[i].Distance) };
        }

        return candidates;
    }

    private static CodeList[] EmptyLists(int dimension, IvfPqOptions options)
    {
        options.Validate(dimension);
        var lists = new CodeList[options.ListCount];
        Array.Fill(lists, CodeList.Empty(options.Parts, options.Bits));
        return lists;
    }

    /// <summary>What training made.</summary>
    private sealed record Trained(CoarseQuantizer Coarse, TableCodes Codes, bool Residual);

    /// <summary>What a search sees from its beginning to its end.</summary>
    private sealed record State(CodeList[] Lists, Catalog Catalog, KeptSnapshot Kept);
}

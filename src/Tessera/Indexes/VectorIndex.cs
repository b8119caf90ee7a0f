using System.Diagnostics;
using Tessera.Kernels;
using Tessera.Monitoring;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// A searchable collection of vectors: train, add, search, save. Searches may run side by side with each other and with
/// <see cref="Add"/> (which take turns); a search sees the vectors of every add that ended before it began. Make one with <see cref="IndexFactory"/>.
/// Numbers beyond 1e15 in size are refused by all metrics but cosine: float32 could not add up their squares.
/// </summary>
public abstract partial class VectorIndex : IDisposable
{
    /// <summary>Most answers of one query.</summary>
    public const int MaxK = 1 << 20;

    /// <summary>Most numbers in a vector.</summary>
    public const int MaxDimension = 1 << 20;

    private readonly Lock _writing = new();
    private CatalogWriter? _writer;
    private RecallMonitor? _monitor;
    private string? _kind;

    private protected VectorIndex(int dimension, Metric metric)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, MaxDimension);
        if (!Enum.IsDefined(metric))
            throw new ArgumentOutOfRangeException(nameof(metric), metric, "No such metric; use L2, InnerProduct or Cosine.");
        Dimension = dimension;
        Metric = metric;
    }

    /// <summary>Numbers in each vector.</summary>
    public int Dimension { get; }

    /// <summary>How vectors are compared.</summary>
    public Metric Metric { get; }

    /// <summary>The factory string that describes this index, such as <c>IVF256,PQ56</c>.</summary>
    public abstract string Specification { get; }

    /// <summary>Vectors in the index that a search can find.</summary>
    public long Count => Catalog.Count;

    /// <summary>Vectors that were removed and whose space <see cref="Compact"/> would reclaim.</summary>
    public long RemovedCount => Catalog.Rows - Catalog.Count;

    /// <summary>The tags that vectors bear.</summary>
    public IReadOnlyList<string> Tags => [.. Catalog.Tags.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether vectors can be added; an index that needs no training always can.</summary>
    public abstract bool IsTrained { get; }

    /// <summary>Lists of an inverted file, the most that <see cref="SearchOptions.Probes"/> can be, or leaves of a tree; 1 for an index without either.</summary>
    public virtual int Lists => 1;

    /// <summary>The number by which a search of this index trades time for recall.</summary>
    public virtual SearchKnob Knob => SearchKnob.None;

    /// <summary>The clusters that the index is divided into, and who is in them now; null for an index without any. Made anew at each call, in time and memory in proportion to the vectors.</summary>
    public virtual IndexClusters? Clusters() => null;

    /// <summary>Whether a search can find what an exact one finds, and know it: see <see cref="SearchOptions.Exact"/>.</summary>
    public virtual bool CanProve => false;

    /// <summary>Vectors that <see cref="Train"/> makes use of under the options given: of a larger sample it draws about as many. 0 for an index that needs no training.</summary>
    /// <param name="options">Training vectors for each centroid; null for the defaults.</param>
    public virtual int TrainingVectors(BuildOptions? options = null) => 0;

    /// <summary>Learns centroids and codebooks from a representative sample. Does nothing for an index that needs none.</summary>
    /// <param name="sample">Rows of <see cref="Dimension"/> finite numbers.</param>
    /// <param name="options">Seed, threads, iterations; null for the defaults.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellationToken">Stops within a step; the index then stays as it was.</param>
    /// <exception cref="ArgumentException">The sample has another dimension, too few rows, or numbers that are not finite.</exception>
    /// <exception cref="InvalidOperationException">The index holds vectors already, which were coded by the training before.</exception>
    public TrainingReport Train(Matrix sample, BuildOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ObjectDisposedException.ThrowIf(Disposed, this);
        options ??= BuildOptions.Default;
        options.Validate();
        VectorChecks.RequireDimension(sample.Dimension, Dimension, nameof(sample));
        if (sample.Rows == 0)
            throw new ArgumentException("The training set is empty; give at least one vector.", nameof(sample));
        VectorChecks.RequireMeasurable(sample, Metric, nameof(sample));
        // Adds wait: what they code by the training before must not meet the new one.
        lock (_writing)
        {
            if (Catalog.Rows > 0)
                throw new InvalidOperationException($"The index holds {Count} vectors that the training before has coded; make a new index to train anew.");
            int most = TrainingVectors(options);
            if (most > 0 && most < sample.Rows)
                sample = sample.Select(new SeededRandom(options.Seed, 0x7A1).Sample(most, sample.Rows));
            using Activity? activity = Telemetry.Start("tessera.train", this)?.SetTag("tessera.vectors", sample.Rows);
            return TrainCore(Prepare(sample), options, progress, cancellationToken);
        }
    }

    /// <summary>Adds vectors, under the ids given or else under the numbers from the largest id so far + 1 on (from 0 in an empty index).</summary>
    /// <param name="vectors">Rows of <see cref="Dimension"/> finite numbers.</param>
    /// <param name="ids">Empty, or one non-negative id for each row. Ids are not checked for uniqueness; see <see cref="Update"/>.</param>
    /// <param name="options">Threads; null for the defaults.</param>
    /// <param name="progress">Told how many vectors are in.</param>
    /// <param name="cancellationToken">Stops between blocks; nothing of this call is then added.</param>
    /// <exception cref="ArgumentException">The vectors have another dimension or numbers that are not finite, or the ids do not fit.</exception>
    /// <exception cref="InvalidOperationException">The index is not trained; call <see cref="Train"/> first.</exception>
    public void Add(Matrix vectors, ReadOnlySpan<long> ids = default, BuildOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options = CheckAdded(vectors, ids, options);
        lock (_writing)
        {
            RequireRoom(vectors.Rows, nameof(vectors));
            AddRows(vectors, Writer.Append(Writer.Current, vectors.Rows, ids), options, progress, cancellationToken);
        }
    }

    /// <summary>Adds vectors in the place of those with the same ids; ids that are new are added. A search sees either the old vectors or the new ones. Tags stay with their ids.</summary>
    /// <param name="vectors">Rows of <see cref="Dimension"/> finite numbers.</param>
    /// <param name="ids">One non-negative id for each row, none twice.</param>
    /// <param name="options">Threads; null for the defaults.</param>
    /// <param name="progress">Told how many vectors are in.</param>
    /// <param name="cancellationToken">Stops between blocks; the index then stays as it was.</param>
    /// <returns>Vectors that were replaced.</returns>
    /// <exception cref="ArgumentException">The vectors have another dimension or numbers that are not finite, or the ids do not fit.</exception>
    /// <exception cref="InvalidOperationException">The index is not trained; call <see cref="Train"/> first.</exception>
    public int Update(Matrix vectors, ReadOnlySpan<long> ids, BuildOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options = CheckAdded(vectors, ids, options);
        if (ids.Length != vectors.Rows)
            throw new ArgumentException($"{ids.Length} ids for {vectors.Rows} vectors; give one for each.", nameof(ids));
        var seen = new HashSet<long>(ids.Length);
        foreach (long id in ids)
        {
            if (!seen.Add(id))
                throw new ArgumentException($"Id {id} occurs twice; give each vector's id once.", nameof(ids));
        }

        lock (_writing)
        {
            RequireRoom(vectors.Rows, nameof(vectors));
            AddRows(vectors, Writer.Replace(ids, out int replaced), options, progress, cancellationToken);
            return replaced;
        }
    }

    /// <summary>Removes the vectors with these ids: searches that begin afterwards do not find them. Their space stays taken until <see cref="Compact"/>. Takes time in proportion to the index over 64, so remove many at once.</summary>
    /// <param name="ids">Ids; those that the index does not have are passed over.</param>
    /// <returns>Vectors removed.</returns>
    public int Remove(ReadOnlySpan<long> ids)
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        lock (_writing)
        {
            Replace(Writer.Remove(Writer.Current, ids, out int removed));
            return removed;
        }
    }

    /// <summary>Puts a tag on vectors, by which a search can be filtered (<see cref="SearchFilter.Tagged"/>). Tags are saved with the index.</summary>
    /// <param name="tag">Any text of one line that is not blank.</param>
    /// <param name="ids">Their ids; those that the index does not have are passed over.</param>
    public void Tag(string tag, ReadOnlySpan<long> ids) => SetTag(tag, ids, bears: true);

    /// <summary>Takes a tag off vectors.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="ids">Their ids; those that the index does not have, or that do not bear the tag, are passed over.</param>
    public void Untag(string tag, ReadOnlySpan<long> ids) => SetTag(tag, ids, bears: false);

    /// <summary>How many vectors a search with a filter may answer with.</summary>
    /// <param name="filter">The filter.</param>
    public long CountMatching(SearchFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ObjectDisposedException.ThrowIf(Disposed, this);
        Catalog catalog = Catalog;
        return catalog.Select(filter)?.Count ?? catalog.Count;
    }

    /// <summary>Reclaims the space of removed vectors. The index is then as one into which only the remaining vectors were added, with the same training. Searches go on meanwhile; adds wait.</summary>
    /// <param name="options">Seed and threads, for indexes that are built anew; null for the defaults.</param>
    /// <param name="progress">Told how many vectors are done.</param>
    /// <param name="cancellationToken">Stops; the index then stays as it was.</param>
    public void Compact(BuildOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        options ??= BuildOptions.Default;
        options.Validate();
        lock (_writing)
        {
            if (Catalog.Live is not { } live)
                return;
            using Activity? activity = Telemetry.Start("tessera.compact", this)?.SetTag("tessera.vectors", live.Count);
            Catalog next = Writer.Compact(live.Members);
            try
            {
                CompactCore(live, next, options, progress, cancellationToken);
            }
            finally
            {
                CommitShown(next);
            }
        }
    }

    /// <summary>Finds the nearest vectors to one query, nearest first, ties by the order of adding. Allocates nothing in steady state.</summary>
    /// <param name="query">Exactly <see cref="Dimension"/> finite numbers.</param>
    /// <param name="results">Receives the answers; its length is k.</param>
    /// <param name="options">Knobs; null for the defaults.</param>
    /// <returns>Number of answers: k, or fewer when the visited part holds fewer; the rest of <paramref name="results"/> is <see cref="Neighbor.None"/>.</returns>
    /// <exception cref="ArgumentException">The query has another dimension or numbers that are not finite, or an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The index is not trained.</exception>
    public int Search(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions? options = null)
    {
        options = Check(query.Length, nameof(query), results.Length, options);
        VectorChecks.RequireMeasurable(query, Metric, nameof(query));
        RecallMonitor? monitor = Volatile.Read(ref _monitor);
        if (monitor is null && !Telemetry.WatchesSearches)
            return SearchOne(query, results, options);
        using Activity? activity = StartSearch(1, results.Length, options);
        long start = Stopwatch.GetTimestamp();
        int found = SearchOne(query, results, options);
        Telemetry.Searched(this, 1, start);
        monitor?.Offer(query, results, options.Filter);
        return found;
    }

    /// <summary>Finds the nearest vectors to each of many queries.</summary>
    /// <param name="queries">Rows of <see cref="Dimension"/> finite numbers.</param>
    /// <param name="k">Answers for each query, at least 1.</param>
    /// <param name="results">Receives k answers for each query, row after row; its length is queries.Rows * k.</param>
    /// <param name="options">Knobs; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the batch between blocks of queries.</param>
    /// <exception cref="ArgumentException">The queries have another dimension or numbers that are not finite, k or an option is out of range, or the room is wrong.</exception>
    /// <exception cref="InvalidOperationException">The index is not trained.</exception>
    public void Search(Matrix queries, int k, Memory<Neighbor> results, SearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        options = Check(queries.Dimension, nameof(queries), k, options);
        if (results.Length != (long)queries.Rows * k)
            throw new ArgumentException($"{queries.Rows} queries with k = {k} take room for {(long)queries.Rows * k} answers, not {results.Length}.", nameof(results));
        VectorChecks.RequireMeasurable(queries, Metric, nameof(queries));
        RecallMonitor? monitor = Volatile.Read(ref _monitor);
        using Activity? activity = StartSearch(queries.Rows, k, options);
        long start = Stopwatch.GetTimestamp();
        SearchMany(queries, k, results, options, cancellationToken);
        Telemetry.Searched(this, queries.Rows, start);
        for (int i = 0; monitor is not null && i < queries.Rows; i++)
            monitor.Offer(queries[i], results.Span.Slice(i * k, k), options.Filter);
    }

    /// <summary>Finds all vectors within a distance of a query, nearest first: by searches for more and more answers, until the last one lies beyond. As complete as a search for so many answers is with these knobs.</summary>
    /// <param name="query">Exactly <see cref="Dimension"/> finite numbers.</param>
    /// <param name="radius">The largest distance of an answer, in the metric's own terms: squared for L2, negated for the inner product.</param>
    /// <param name="options">Knobs; null for the defaults.</param>
    /// <returns>At most <see cref="MaxK"/> answers.</returns>
    /// <exception cref="ArgumentException">The query has another dimension or numbers that are not finite, the radius is NaN, or an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The index is not trained.</exception>
    public Neighbor[] RangeSearch(ReadOnlySpan<float> query, float radius, SearchOptions? options = null)
    {
        if (float.IsNaN(radius))
            throw new ArgumentException("The radius is NaN; give a distance.", nameof(radius));
        for (int k = 128; ; k *= 4)
        {
            var answers = new Neighbor[(int)Math.Clamp(Count, 1, Math.Min(k, MaxK))];
            int found = Search(query, answers, options);
            int within = 0;
            while (within < found && answers[within].Distance <= radius)
                within++;
            if (within < answers.Length || answers.Length < k || k >= MaxK)
                return answers[..within];
        }
    }

    /// <summary>What the index takes, by formula and as measured.</summary>
    public abstract MemoryUsage Memory { get; }

    /// <summary>Writes the index to one file, first beside it and then renamed over it, so that a killed process leaves the old file or the new.</summary>
    /// <exception cref="InvalidOperationException">The index is not trained.</exception>
    public abstract void Save(string path);

    /// <summary>
    /// Opens an index file of any kind, mapped into memory: lists, links and vectors are used where they lie, so a file may be
    /// larger than memory. The file must stay in place until the index is disposed.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="verify">Whether to read the whole file once to check it against its checksums (default). Without, only the parts that give other parts their places are read and checked: a large file opens at once, but damage to its codes or vectors shows as wrong answers.</param>
    /// <exception cref="TesseraFormatException">The file is damaged, foreign, or of a newer version.</exception>
    public static VectorIndex Open(string path, bool verify = true) => IndexFile.Open(path, verify);

    /// <summary>Releases mapped files. Searching afterwards throws <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the index holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        Disposed = true;
        Telemetry.Unregister(this);
    }

    /// <summary>The specification without its numbers, such as <c>IVF,PQ,Refine</c>.</summary>
    internal string KindName => _kind ??= string.Join(',', (Front ?? this).Specification.Split(',').Select(part => string.Concat(part.TakeWhile(char.IsLetter))));

    /// <summary>Whether the index can find true neighbours by itself.</summary>
    internal virtual bool KeepsVectors => false;

    /// <summary>Finds the true neighbours, where <see cref="KeepsVectors"/>.</summary>
    internal virtual int SearchExactly(ReadOnlySpan<float> query, Span<Neighbor> results, SearchFilter? filter) => throw new NotSupportedException();

    /// <summary>A search that is not measured.</summary>
    internal int SearchUnwatched(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options) =>
        SearchOne(query, results, Check(query.Length, nameof(query), results.Length, options));

    internal void Watch(RecallMonitor monitor)
    {
        if (Interlocked.CompareExchange(ref _monitor, monitor, null) is not null)
            throw new InvalidOperationException($"The index {Specification} has a recall monitor already; dispose of it first.");
    }

    internal void Unwatch(RecallMonitor monitor) => Interlocked.CompareExchange(ref _monitor, null, monitor);

    private protected bool Disposed { get; private set; }

    /// <summary>The index that hands vectors on to this one, and is what a file of it holds; null for an index by itself.</summary>
    internal RotatedIndex? Front { get; private set; }

    private protected abstract TrainingReport TrainCore(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Adds rows behind those that there are, and shows searchers them and the catalog that comes with them at once.</summary>
    private protected abstract void AddCore(Matrix vectors, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Who is in the index, as searches that begin now see it.</summary>
    private protected abstract Catalog Catalog { get; }

    /// <summary>Shows searchers another catalog of the same rows.</summary>
    private protected abstract void Show(Catalog next);

    /// <summary>Keeps only some rows, which get new ordinals in their order, and shows searchers them and the new catalog at once.</summary>
    private protected abstract void CompactCore(RowSet kept, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken);

    private protected abstract int SearchOne(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options);

    private protected abstract void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken);

    /// <summary>Measures one query against all rows that may be answers.</summary>
    /// <param name="metric">How vectors are compared.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="catalog">Who they are.</param>
    /// <param name="filter">Which of them may be answers; null for all.</param>
    /// <param name="query">The query as the metric compares it: normalised for cosine.</param>
    /// <param name="results">Receives the answers.</param>
    private protected static int ScanRows(Metric metric, RowSnapshot rows, Catalog catalog, SearchFilter? filter, ReadOnlySpan<float> query, Span<Neighbor> results)
    {
        var heap = new Candidate[results.Length];
        int found = FlatSearch.Scan(metric, rows, catalog.Select(filter), query, heap, new float[256]);
        catalog.Resolve(heap.AsSpan(0, found), results);
        return found;
    }

    private protected void RequireTrained()
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        if (!IsTrained)
            throw new InvalidOperationException($"The index {Specification} is not trained: call Train with representative vectors before adding or searching.");
    }

    /// <summary>Refuses knobs of this index that are out of range; those that it does not have are ignored.</summary>
    private protected virtual void CheckKnobs(SearchOptions options)
    {
    }

    /// <summary>Made of the index's first catalog when something is first written.</summary>
    private CatalogWriter Writer => _writer ??= new CatalogWriter(Catalog);

    private void AddRows(Matrix vectors, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        using Activity? activity = Telemetry.Start("tessera.add", this)?.SetTag("tessera.vectors", vectors.Rows);
        try
        {
            AddCore(Prepare(vectors), next, options, progress, cancellationToken);
        }
        finally
        {
            CommitShown(next);
        }
    }

    /// <summary>Whatever searchers see is committed, even if a caller's progress threw after that, and the gauges tell of it.</summary>
    private void CommitShown(Catalog next)
    {
        if (!ReferenceEquals(Catalog, next))
            return;
        Writer.Commit(next);
        Telemetry.Register(this);
    }

    private void Replace(Catalog next)
    {
        Show(next);
        Writer.Commit(next);
    }

    private void SetTag(string tag, ReadOnlySpan<long> ids, bool bears)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        if (tag.AsSpan().ContainsAnyInRange('\0', '\x1F'))
            throw new ArgumentException("A tag is one line of text, without control characters.", nameof(tag));
        ObjectDisposedException.ThrowIf(Disposed, this);
        lock (_writing)
            Replace(Writer.Tag(tag, ids, bears));
    }

    private BuildOptions CheckAdded(Matrix vectors, ReadOnlySpan<long> ids, BuildOptions? options)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        options ??= BuildOptions.Default;
        options.Validate();
        VectorChecks.RequireDimension(vectors.Dimension, Dimension, nameof(vectors));
        RequireTrained();
        if (!ids.IsEmpty && ids.Length != vectors.Rows)
            throw new ArgumentException($"{ids.Length} ids for {vectors.Rows} vectors; give one for each, or none.", nameof(ids));
        foreach (long id in ids)
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
        VectorChecks.RequireMeasurable(vectors, Metric, nameof(vectors));
        return options;
    }

    private void RequireRoom(int added, string name)
    {
        if ((long)Catalog.Rows + added > int.MaxValue)
            throw new ArgumentException($"An index holds at most {int.MaxValue} vectors, removed ones included; this one has {Catalog.Rows} and would get {added} more.", name);
    }

    private Activity? StartSearch(int queries, int k, SearchOptions options) => Telemetry.Start("tessera.search", this)
        ?.SetTag("tessera.search.queries", queries).SetTag("tessera.search.k", k).SetTag("tessera.search.filtered", options.Filter is not null);

    /// <summary>Refuses a search that cannot be, and fills in the defaults.</summary>
    private protected SearchOptions Check(int dimension, string name, int k, SearchOptions? options)
    {
        options ??= SearchOptions.Default;
        VectorChecks.RequireDimension(dimension, Dimension, name);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, MaxK);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads, nameof(options.Threads));
        CheckKnobs(options);
        RequireTrained();
        if (options.Exact && !CanProve)
            throw new ArgumentException($"{Specification} cannot prove its answers; leave Exact out, or use a flat index or a tree.", nameof(options));
        return options;
    }

    /// <summary>Vectors as the index keeps them: normalised for cosine.</summary>
    private Matrix Prepare(Matrix vectors) => Metric == Metric.Cosine ? Normalisation.Apply(vectors) : vectors;
}

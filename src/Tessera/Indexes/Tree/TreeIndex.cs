using Tessera.Kernels;
using Tessera.Monitoring;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// A tree of clusters, made by k-means level after level, with whole vectors in its leaves. A search enters the nearest
/// clusters first and measures exactly the vectors of the leaves that it visits; asked to be exact
/// (<see cref="SearchOptions.Exact"/>), it goes on until the balls around the other clusters prove that nothing nearer is
/// left, which is quick where the data have few directions or clear clusters, and as slow as a <see cref="FlatIndex"/>
/// where they have neither. Finds its leaves in fewer distances than an <see cref="IvfFlatIndex"/> with as many lists.
/// </summary>
public sealed class TreeIndex : VectorIndex
{
    internal const string Kind = "tessera/tree";

    /// <summary>Queries of a batch that one thread takes at a time; the more, the more of them meet in a leaf.</summary>
    private const int MaxQueriesEach = 1024;

    private readonly TreeOptions _options;
    private readonly ScratchPool<TreeScratch> _scratch = new(() => new TreeScratch());
    private readonly ListChooser<RowList<float>> _chooser = new(static list => list.Ordinals[..list.Count]);
    private readonly TsrReader? _file;
    private State? _state;

    /// <summary>Makes an untrained index.</summary>
    /// <param name="dimension">Numbers in each vector.</param>
    /// <param name="options">The shape; null for the defaults.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <exception cref="ArgumentException">The shape is out of range; the message says what would be right.</exception>
    public TreeIndex(int dimension, TreeOptions? options = null, Metric metric = Metric.L2)
        : this(dimension, options ?? new TreeOptions(), metric, null, null)
    {
    }

    private TreeIndex(int dimension, TreeOptions options, Metric metric, State? state, TsrReader? file)
        : base(dimension, metric)
    {
        options.Validate();
        _options = options;
        _state = state;
        _file = file;
    }

    /// <summary>The shape.</summary>
    public TreeOptions Options => _options;

    /// <inheritdoc/>
    public override string Specification => $"Tree{_options.Levels}x{_options.Branching}";

    /// <inheritdoc/>
    public override bool IsTrained => Volatile.Read(ref _state) is not null;

    /// <inheritdoc/>
    public override int Lists => Volatile.Read(ref _state)?.Tree.Leaves ?? 1;

    /// <inheritdoc/>
    public override IndexClusters? Clusters()
    {
        if (Volatile.Read(ref _state) is not { } state)
            return null;
        int[] parents = [.. Enumerable.Range(0, state.Tree.Nodes).Select(state.Tree.Parent)];
        return new IndexClusters(
            parents,
            node => state.Tree.LeafOf(node) is var leaf and >= 0 ? state.Leaves[leaf].Ordinals.Span[..state.Leaves[leaf].Count] : default,
            state.Catalog);
    }

    /// <inheritdoc/>
    public override SearchKnob Knob => SearchKnob.Beam;

    /// <inheritdoc/>
    public override bool CanProve => true;

    /// <inheritdoc/>
    public override MemoryUsage Memory
    {
        get
        {
            State? state = Volatile.Read(ref _state);
            long bytes = state is null ? 0 : state.Catalog.Bytes + state.Tree.Bytes + state.Balls.Bytes + state.Leaves.Sum(leaf => leaf.Bytes);
            return new MemoryUsage(Count, Dimension * sizeof(float), Dimension * sizeof(float), bytes);
        }
    }

    /// <inheritdoc/>
    public override int TrainingVectors(BuildOptions? options = null)
    {
        int each = (options ?? BuildOptions.Default).MaxPointsPerCentroid;
        return each == 0 ? int.MaxValue : (int)Math.Min(each * _options.MaxLeaves, int.MaxValue);
    }

    /// <summary>Finds the nearest vectors to one query, as <see cref="VectorIndex.Search(ReadOnlySpan{float}, Span{Neighbor}, SearchOptions?)"/> does, and says what that proves.</summary>
    /// <param name="query">Exactly <see cref="VectorIndex.Dimension"/> finite numbers.</param>
    /// <param name="results">Receives the answers; its length is k.</param>
    /// <param name="visit">What was looked at. An approximate search can prove its answers too, by luck or by a long beam; an exact one always does.</param>
    /// <param name="options">Knobs; null for the defaults.</param>
    /// <returns>Number of answers.</returns>
    /// <exception cref="ArgumentException">The query has another dimension or numbers that are not finite, or an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The index is not trained.</exception>
    public int Search(ReadOnlySpan<float> query, Span<Neighbor> results, out TreeVisit visit, SearchOptions? options = null)
    {
        options = Check(query.Length, nameof(query), results.Length, options);
        VectorChecks.RequireMeasurable(query, Metric, nameof(query));
        return SearchAlone(Volatile.Read(ref _state)!, query, results, options, counted: false, out visit, proves: true);
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        RequireTrained();
        State state = Volatile.Read(ref _state)!;
        TreeFile.Write(path, this, state.Tree, state.Balls, state.Leaves, state.Catalog);
    }

    internal static TreeIndex Load(TsrReader file, IndexHeader header)
    {
        TreeOptions options = TreeFile.ReadOptions(file);
        ClusterTree tree = TreeFile.ReadTree(file, header, options);
        RowList<float>[] leaves = IvfFlatFile.ReadLists(file, header, tree.Leaves);
        var balls = TreeBalls.Of(tree, leaves, TreeFile.ReadRadii(file, tree));
        return new TreeIndex(header.Dimension, options, header.Metric, new State(tree, leaves, balls, CatalogFile.Read(file, header)), file);
    }

    /// <summary>The tree and what lies beneath its nodes; null while untrained.</summary>
    internal (ClusterTree Tree, TreeBalls Balls, RowList<float>[] Leaves)? Nodes =>
        Volatile.Read(ref _state) is { } state ? (state.Tree, state.Balls, state.Leaves) : null;

    private protected override TrainingReport TrainCore(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int least = 2 * TreeGrowth.LeastMembers;
        if (sample.Rows < least)
            throw new ArgumentException($"{sample.Rows} training vectors are too few for a tree, which needs at least {least}.", nameof(sample));
        ClusterTree tree = TreeGrowth.Grow(sample, _options, options, progress, cancellationToken);
        Volatile.Write(ref _state, Empty(tree));
        long enough = TreeGrowth.LeastMembers * _options.MaxLeaves;
        return new TrainingReport(sample.Rows, sample.Rows < enough
            ? [$"{sample.Rows} training vectors make {tree.Leaves} leaves of the {_options.MaxLeaves} of {Specification}; {enough} would be enough for all."]
            : []);
    }

    private static State Empty(ClusterTree tree)
    {
        var leaves = new RowList<float>[tree.Leaves];
        Array.Fill(leaves, RowList<float>.Empty);
        return new State(tree, leaves, TreeBalls.Of(tree, leaves, new float[tree.Nodes]), Catalog.Of(0, default));
    }

    private protected override Catalog Catalog => Volatile.Read(ref _state)?.Catalog ?? Catalog.Of(0, default);

    private protected override void AddCore(Matrix vectors, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        State state = _state!;
        var membersOf = new ListMembers(TreeAssigner.Assign(state.Tree, vectors, options.Threads, cancellationToken), state.Leaves.Length);
        var longer = (RowList<float>[])state.Leaves.Clone();
        Workers.For(longer.Length, options.Threads, (leaf, _) =>
        {
            if (!membersOf[leaf].IsEmpty)
                longer[leaf] = longer[leaf].Append(vectors.Span, membersOf[leaf], Dimension, state.Catalog.Rows);
        }, cancellationToken);
        var balls = TreeBalls.Cover(state.Tree, state.Balls, longer, options.Threads, cancellationToken);
        Volatile.Write(ref _state, new State(state.Tree, longer, balls, next));
        progress?.Report(new TrainingProgress("adding", vectors.Rows, vectors.Rows));
    }

    private protected override void Show(Catalog next)
    {
        if (_state is { } state)
            Volatile.Write(ref _state, new State(state.Tree, state.Leaves, state.Balls, next));
    }

    private protected override void CompactCore(RowSet kept, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        State state = _state!;
        int[] ranks = kept.Ranks();
        var shorter = new RowList<float>[state.Leaves.Length];
        Workers.For(shorter.Length, options.Threads, (leaf, _) => shorter[leaf] = state.Leaves[leaf].Keep(ranks, Dimension), cancellationToken);
        var balls = TreeBalls.Cover(state.Tree, null, shorter, options.Threads, cancellationToken);
        Volatile.Write(ref _state, new State(state.Tree, shorter, balls, next));
        progress?.Report(new TrainingProgress("compacting", next.Rows, next.Rows));
    }

    private protected override VectorIndex EmptyTwin() =>
        new TreeIndex(Dimension, _options, Metric, Volatile.Read(ref _state) is { } state ? Empty(state.Tree) : null, null);

    private protected override string? DifferenceFrom(VectorIndex other) => ClusterTree.Difference(_state!.Tree, ((TreeIndex)other)._state!.Tree);

    private protected override void MergeCore(VectorIndex other, RowSet rows, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        State state = _state!;
        RowList<float>[] added = ((TreeIndex)other)._state!.Leaves;
        int[] ordinals = rows.Ranks(state.Catalog.Rows);
        var longer = new RowList<float>[state.Leaves.Length];
        Workers.For(longer.Length, options.Threads, (leaf, _) => longer[leaf] = state.Leaves[leaf].Append(added[leaf], ordinals, Dimension), cancellationToken);
        var balls = TreeBalls.Cover(state.Tree, state.Balls, longer, options.Threads, cancellationToken);
        Volatile.Write(ref _state, new State(state.Tree, longer, balls, next));
        progress?.Report(new TrainingProgress("merging", rows.Count, rows.Count));
    }

    private protected override void CheckKnobs(SearchOptions options)
    {
        if (options.Beam < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.Beam, "Beam must be at least 1 (or 0 for the index's own setting).");
    }

    private protected override int SearchOne(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options) =>
        SearchAlone(Volatile.Read(ref _state)!, query, results, options, counted: false, out _, proves: false);

    private protected override void SearchMany(Matrix queries, int k, Memory<Neighbor> results, SearchOptions options, CancellationToken cancellationToken)
    {
        State state = Volatile.Read(ref _state)!;
        int threads = Workers.Count(options.Threads);
        if (options.Exact)
        {
            Workers.For(
                queries.Rows,
                threads,
                (i, _) => SearchAlone(state, queries[i], results.Span.Slice(i * k, k), options, counted: false, out TreeVisit _, proves: false),
                cancellationToken);
            return;
        }

        ListChoice choice = Choice(state, options, k, counted: false);
        int each = Math.Clamp((queries.Rows + threads - 1) / threads, 1, Math.Clamp((1 << 22) / k, 1, MaxQueriesEach));
        Workers.For((queries.Rows + each - 1) / each, threads, (piece, _) =>
        {
            TreeScratch scratch = _scratch.Rent();
            int start = piece * each, count = Math.Min(each, queries.Rows - start);
            SearchPiece(state, choice, queries.Slice(start, count).Span, count, k, results.Span.Slice(start * k, count * k), options, scratch, cancellationToken);
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

    /// <summary>Measures one query's leaves directly: a single query, or one of a batch for which the product is too coarse. What the answers prove is found out where that is asked for.</summary>
    private int SearchAlone(State state, ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions options, bool counted, out TreeVisit visit, bool proves)
    {
        TreeScratch scratch = _scratch.Rent();
        int k = results.Length;
        ListChoice choice = Choice(state, options, k, counted);
        ReadOnlySpan<float> prepared = scratch.Lists.Prepare(query, Dimension, Metric);
        var top = new TopK(scratch.Lists.HeapRoom(k));
        var walk = new TreeWalk(Metric, state.Tree, state.Balls, choice, prepared, scratch);
        while (walk.Next(out int leaf))
            IvfFlatSearch.ScanAlone(Metric, Dimension, state.Leaves[leaf], choice.Allowed, prepared, ref top, scratch.Lists);
        while (options.Exact && walk.NextWithin(top.Threshold, out int leaf))
            IvfFlatSearch.ScanAlone(Metric, Dimension, state.Leaves[leaf], choice.Allowed, prepared, ref top, scratch.Lists);
        if (Telemetry.CountsScans)
            Telemetry.Looked(this, walk.Leaves, walk.Vectors, 0);
        visit = new TreeVisit(walk.Leaves, walk.Vectors, proves && walk.Proves(top.Threshold));
        Span<Candidate> found = top.Sort();
        state.Catalog.Resolve(found, results);
        int count = found.Length;
        _scratch.Return(scratch);
        return choice.Misses(count) ? SearchAlone(state, query, results, options, counted: true, out visit, proves) : count;
    }

    /// <summary>Answers some queries together.</summary>
    private void SearchPiece(State state, ListChoice choice, ReadOnlySpan<float> queries, int count, int k, Span<Neighbor> results, SearchOptions options, TreeScratch scratch, CancellationToken cancellationToken)
    {
        IvfFlatScratch lists = scratch.Lists;
        ReadOnlySpan<float> prepared = lists.Prepare(queries, Dimension, Metric);
        int room = ProductRounding.Room(k);
        var search = new IvfFlatSearch(Metric, Dimension, state.Leaves, state.Starts, choice.Allowed, room);
        lists.Start(count, room);
        Distance.SquaredNorms(prepared, Dimension, lists.Norms.AsSpan(0, count));
        lists.NearestVisits.Clear();
        lists.OtherVisits.Clear();
        for (int i = 0; i < count; i++)
        {
            ListVisits visits = lists.NearestVisits;
            var walk = new TreeWalk(Metric, state.Tree, state.Balls, choice, prepared.Slice(i * Dimension, Dimension), scratch);
            while (walk.Next(out int leaf))
            {
                visits.Add(leaf, i);
                visits = lists.OtherVisits;
            }

            if (Telemetry.CountsScans)
                Telemetry.Looked(this, walk.Leaves, walk.Vectors, 0);
        }

        search.VisitAll(prepared, lists, cancellationToken);
        for (int i = 0; i < count; i++)
        {
            Span<Neighbor> answers = results.Slice(i * k, k);
            if (search.Finish(prepared.Slice(i * Dimension, Dimension), i, k, lists, out Span<Candidate> nearest) && !choice.Misses(nearest.Length))
                state.Catalog.Resolve(nearest, answers);
            else
                SearchAlone(state, queries.Slice(i * Dimension, Dimension), answers, options, counted: false, out _, proves: false);
        }
    }

    private ListChoice Choice(State state, SearchOptions options, int k, bool counted) =>
        _chooser.For(state.Catalog, state.Leaves, options.Filter, options.Beam > 0 ? options.Beam : _options.Beam, k, counted);

    /// <summary>What a search sees from its beginning to its end.</summary>
    private sealed class State
    {
        public State(ClusterTree tree, RowList<float>[] leaves, TreeBalls balls, Catalog catalog)
        {
            Tree = tree;
            Leaves = leaves;
            Balls = balls;
            Catalog = catalog;
            Starts = new int[leaves.Length];
            int start = 0;
            for (int i = 0; i < leaves.Length; i++)
            {
                Starts[i] = start;
                start += leaves[i].Count;
            }
        }

        public ClusterTree Tree { get; }

        public RowList<float>[] Leaves { get; }

        public TreeBalls Balls { get; }

        /// <summary>The number of the first vector of each leaf.</summary>
        public int[] Starts { get; }

        public Catalog Catalog { get; }
    }
}

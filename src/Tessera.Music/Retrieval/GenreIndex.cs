using Tessera.Indexes;
using Tessera.Music.Packs;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Music.Retrieval;

/// <summary>The patterns of one genre, a parent's own or a child's, and an index over their vectors. Searches run side by side with adds.</summary>
internal sealed class GenreIndex : IDisposable
{
    private const int RowsAtOnce = 8192;

    private readonly Lock _writing = new();
    private readonly VectorIndex _index;
    private readonly SearchOptions _search;
    private State _state = new([], 0);
    private ContextIndex? _contexts;

    private GenreIndex(string parent, string? child, float weight, VectorIndex index)
    {
        Parent = parent;
        Child = child;
        Weight = weight;
        _index = index;
        _search = new SearchOptions { Probes = Math.Min(index.Lists, 24) };
    }

    public string Parent { get; }

    public string? Child { get; }

    public float Weight { get; }

    public ReadOnlyMemory<StylePattern> Patterns
    {
        get
        {
            State state = Volatile.Read(ref _state);
            return state.Patterns.AsMemory(0, state.Count);
        }
    }

    public string Specification => _index.Specification;

    public static GenreIndex Build(
        string parent, string? child, float weight, IReadOnlyList<StylePattern> patterns, IPatternEmbedder embedder, StyleIndexOptions options, CancellationToken cancellationToken)
    {
        string specification = options.Specification ?? (patterns.Count < options.ApproximateFrom ? "Flat" : $"IVF{(int)(2 * Math.Sqrt(patterns.Count))},Flat");
        VectorIndex index = IndexFactory.Create(specification, embedder.Dimension, Metric.InnerProduct);
        var genre = new GenreIndex(parent, child, weight, index);
        try
        {
            if (!index.IsTrained)
            {
                int sample = Math.Min(patterns.Count, Math.Max(1, index.TrainingVectors()));
                var drawn = Enumerable.Range(0, sample).Select(i => patterns[(int)((long)i * patterns.Count / sample)]).ToArray();
                var training = new BuildOptions { Seed = options.Seed, Threads = options.Threads, CoarseIterations = 8, MaxPointsPerCentroid = 64 };
                index.Train(Embed(drawn, 0, sample, embedder, options.Threads), training, null, cancellationToken);
            }

            genre.Add(patterns, embedder, options.Threads, cancellationToken);
            return genre;
        }
        catch
        {
            genre.Dispose();
            throw;
        }
    }

    /// <summary>Takes a saved index up again.</summary>
    public static GenreIndex Open(string parent, string? child, float weight, VectorIndex index, StylePattern[] patterns) =>
        new(parent, child, weight, index) { _state = new State(patterns, patterns.Length) };

    public void Save(string path) => _index.Save(path);

    public void Add(IReadOnlyList<StylePattern> patterns, IPatternEmbedder embedder, int threads, CancellationToken cancellationToken)
    {
        for (int start = 0; start < patterns.Count; start += RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(RowsAtOnce, patterns.Count - start);
            Matrix vectors = Embed(patterns, start, count, embedder, threads);
            lock (_writing)
            {
                State state = _state;
                StylePattern[] room = state.Patterns;
                if (room.Length < state.Count + count)
                    Array.Resize(ref room, Math.Max(room.Length * 2, state.Count + count));
                for (int i = 0; i < count; i++)
                    room[state.Count + i] = patterns[start + i] with { ParentGenre = Parent, ChildGenre = Child, Weight = Weight };
                // Patterns first: whoever finds a vector must find its pattern.
                Volatile.Write(ref _state, new State(room, state.Count + count));
                _index.Add(vectors, default, new BuildOptions { Threads = threads }, null, cancellationToken);
            }
        }
    }

    /// <summary>The patterns nearest to a query; allocates nothing in steady state.</summary>
    public int Search(ReadOnlySpan<float> query, Span<Neighbor> found) => _index.Search(query, found, _search);

    public StylePattern this[long id] => Volatile.Read(ref _state).Patterns[id];

    /// <summary>The order of all contexts, made when first asked for and again after an add.</summary>
    public ContextIndex Contexts(TokenTable tokens)
    {
        ReadOnlyMemory<StylePattern> patterns = Patterns;
        if (Volatile.Read(ref _contexts) is { } known && known.Patterns == patterns.Length)
            return known;
        ContextIndex made = ContextIndex.Build(patterns.Span, tokens);
        Volatile.Write(ref _contexts, made);
        return made;
    }

    public void Dispose() => _index.Dispose();

    private static Matrix Embed(IReadOnlyList<StylePattern> patterns, int start, int count, IPatternEmbedder embedder, int threads)
    {
        var values = new float[count * embedder.Dimension];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? -1 : threads }, row =>
            embedder.Embed([.. patterns[start + row].Tokens], values.AsSpan(row * embedder.Dimension, embedder.Dimension)));
        return new Matrix(values, embedder.Dimension);
    }

    private sealed record State(StylePattern[] Patterns, int Count);
}

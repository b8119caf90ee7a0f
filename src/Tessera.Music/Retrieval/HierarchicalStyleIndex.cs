using Tessera.Music.Packs;
using Tessera.Quantization;
using Tessera.Search;

namespace Tessera.Music.Retrieval;

/// <summary>
/// Patterns of a hierarchy of styles, to be retrieved by likeness: an index for each parent genre, and one for each child genre,
/// whose patterns are ranked higher by a weight and a bias. Retrieval runs side by side with retrieval and with adds.
/// </summary>
public sealed class HierarchicalStyleIndex : IDisposable
{
    private readonly StyleIndexOptions _options;
    private readonly Lock _writing = new();
    // Replaced as a whole, so that searchers need no lock.
    private Dictionary<(string Parent, string? Child), GenreIndex> _genres = [];

    /// <summary>Makes an empty index.</summary>
    /// <param name="options">Embedding, weights, kind of index; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public HierarchicalStyleIndex(StyleIndexOptions? options = null)
    {
        _options = options ?? new StyleIndexOptions();
        _options.Validate();
        Embedder = _options.Embedder ?? new ProfileEmbedder(_options.EmbeddingDim);
    }

    /// <summary>How patterns and queries become vectors.</summary>
    public IPatternEmbedder Embedder { get; }

    /// <summary>Parent genres that have patterns of their own or of children, in ordinal order.</summary>
    public IReadOnlyList<string> ParentGenres => [.. Genres.Keys.Select(key => key.Parent).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Patterns in all genres.</summary>
    public int Count => Genres.Values.Sum(genre => genre.Patterns.Length);

    internal TokenTable Tokens { get; } = new();

    internal IReadOnlyDictionary<(string Parent, string? Child), GenreIndex> Genres => Volatile.Read(ref _genres);

    /// <summary>Reads a folder of style packs, builds the indices of all parents and children, and saves them.</summary>
    /// <param name="stylePacksDir">The folder that holds a folder for each parent genre.</param>
    /// <param name="outputDir">The folder to save to, or null to save nothing.</param>
    /// <param name="options">Embedding, weights, kind of index; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between files and steps.</param>
    /// <returns>The index, and the files that were malformed.</returns>
    public static (HierarchicalStyleIndex Index, IReadOnlyList<PackProblem> Problems) BuildHierarchicalIndices(
        string stylePacksDir, string? outputDir = null, StyleIndexOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new StyleIndexOptions();
        options.Validate();
        StylePacks packs = StylePacks.Load(stylePacksDir, options.ChildWeight, cancellationToken);
        HierarchicalStyleIndex index = Build(packs, options, null, cancellationToken);
        if (outputDir is not null)
            index.SaveIndices(outputDir);
        return (index, packs.Problems);
    }

    /// <summary>Builds the indices of packs that were read.</summary>
    /// <param name="packs">The patterns.</param>
    /// <param name="options">Embedding, weights, kind of index; null for the defaults.</param>
    /// <param name="progress">Told after each genre.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public static HierarchicalStyleIndex Build(StylePacks packs, StyleIndexOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(packs);
        var index = new HierarchicalStyleIndex(options);
        int done = 0;
        foreach (var genre in packs.Patterns.GroupBy(pattern => (pattern.ParentGenre, pattern.ChildGenre)))
        {
            if (genre.Key.ChildGenre is { } child)
                index.RegisterChildPatterns(genre.Key.ParentGenre, child, [.. genre], null, cancellationToken);
            else
                index.BuildParentIndex(genre.Key.ParentGenre, [.. genre], cancellationToken);
            done += genre.Count();
            progress?.Report(new TrainingProgress("indexing", done, packs.Patterns.Count));
        }

        return index;
    }

    /// <summary>Builds the index of a parent genre from its own patterns, in place of one that was there.</summary>
    /// <exception cref="ArgumentException">There are no patterns.</exception>
    public void BuildParentIndex(string parentGenre, IReadOnlyList<StylePattern> patterns, CancellationToken cancellationToken = default) =>
        Set(parentGenre, null, 1, patterns, cancellationToken);

    /// <summary>Registers the patterns of a child genre, in place of those that were there.</summary>
    /// <param name="parentGenre">The parent genre.</param>
    /// <param name="childGenre">The child genre.</param>
    /// <param name="patterns">Its patterns, at least one.</param>
    /// <param name="childWeight">What their scores are multiplied by; null for <see cref="StyleIndexOptions.ChildWeight"/>.</param>
    /// <param name="cancellationToken">Stops between steps; nothing is then changed.</param>
    /// <exception cref="ArgumentException">There are no patterns, or the weight is not above 0.</exception>
    public void RegisterChildPatterns(string parentGenre, string childGenre, IReadOnlyList<StylePattern> patterns, float? childWeight = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(childGenre);
        float weight = childWeight ?? _options.ChildWeight;
        if (!(weight > 0) || !float.IsFinite(weight))
            throw new ArgumentOutOfRangeException(nameof(childWeight), childWeight, "The weight of children is a number above 0, such as 1.5.");
        Set(parentGenre, childGenre, weight, patterns, cancellationToken);
    }

    /// <summary>Adds patterns while others search: to the genre that each names, which is made where it is not there yet.</summary>
    public void AddPatterns(IReadOnlyList<StylePattern> patterns, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        foreach (var genre in patterns.GroupBy(pattern => (pattern.ParentGenre, pattern.ChildGenre)))
        {
            if (Genres.TryGetValue(genre.Key, out GenreIndex? known))
                known.Add([.. genre], Embedder, _options.Threads, cancellationToken);
            else
                Set(genre.Key.ParentGenre, genre.Key.ChildGenre, genre.Key.ChildGenre is null ? 1 : _options.ChildWeight, [.. genre], cancellationToken);
        }
    }

    /// <summary>Child genres of a parent, in ordinal order.</summary>
    public IReadOnlyList<string> ChildGenres(string parentGenre) =>
        [.. Genres.Keys.Where(key => key.Parent == parentGenre && key.Child is not null).Select(key => key.Child!).Order(StringComparer.Ordinal)];

    /// <summary>The patterns of a genre, in the order of adding; empty where it has none of its own.</summary>
    public IReadOnlyList<StylePattern> Patterns(string parentGenre, string? childGenre = null) =>
        Genres.TryGetValue((parentGenre, childGenre), out GenreIndex? genre) ? genre.Patterns.ToArray() : [];

    /// <summary>
    /// Retrieves the patterns most like a query, best first: the parent's own by similarity, and, where a child is named and the bias is above 0,
    /// the child's by similarity * (1 + bias) * weight. Equal scores stand in the order parent, child, and that of adding.
    /// </summary>
    /// <param name="queryTokens">Tokens to find similar patterns for.</param>
    /// <param name="parentGenre">The parent genre to search.</param>
    /// <param name="childGenre">The child genre to prefer, or null.</param>
    /// <param name="childBias">How much to prefer it, 0 to 1.</param>
    /// <param name="k">Patterns to retrieve, at least 1.</param>
    /// <returns>At most <paramref name="k"/> patterns.</returns>
    /// <exception cref="ArgumentException">There is no such parent or child, or a number is out of its range; the message says what there is.</exception>
    public IReadOnlyList<ScoredPattern> RetrieveSimilarPatterns(IReadOnlyList<string> queryTokens, string parentGenre, string? childGenre = null, float childBias = 0, int k = 5)
    {
        ArgumentNullException.ThrowIfNull(queryTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (!(childBias is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(childBias), childBias, "The child bias is a number from 0 to 1.");
        (GenreIndex? parent, GenreIndex? child) = Find(parentGenre, childGenre);
        var query = new float[Embedder.Dimension];
        Embedder.Embed([.. queryTokens], query);
        var found = new List<ScoredPattern>();
        Search(parent, 1);
        if (childBias > 0)
            Search(child, (1 + childBias) * (child?.Weight ?? 1));
        return [.. found.OrderByDescending(pattern => pattern.Score).Take(k)];

        void Search(GenreIndex? genre, float factor)
        {
            if (genre is null)
                return;
            var neighbors = new Neighbor[Math.Min(k, genre.Patterns.Length)];
            int count = genre.Search(query, neighbors);
            foreach (Neighbor neighbor in neighbors.AsSpan(0, count))
                found.Add(new ScoredPattern(genre[neighbor.Id], -neighbor.Distance, -neighbor.Distance * factor));
        }
    }

    /// <summary>The indices of a parent and a child, for those who search them themselves.</summary>
    /// <exception cref="ArgumentException">There is no such genre.</exception>
    internal (GenreIndex? Parent, GenreIndex? Child) Find(string parentGenre, string? childGenre)
    {
        if (!Genres.Keys.Any(key => key.Parent == parentGenre))
            throw new ArgumentException($"There is no parent genre '{parentGenre}'; there are {Listed(ParentGenres)}.", nameof(parentGenre));
        GenreIndex? child = null;
        if (childGenre is not null && !Genres.TryGetValue((parentGenre, childGenre), out child))
            throw new ArgumentException($"The genre '{parentGenre}' has no child '{childGenre}'; it has {Listed(ChildGenres(parentGenre))}.", nameof(childGenre));
        return (Genres.GetValueOrDefault((parentGenre, null)), child);
    }

    /// <summary>Saves all indices to a folder, which is made where there is none. Each file appears whole; <see cref="LoadIndices"/> refuses a mixture of two savings.</summary>
    public void SaveIndices(string folder) => StyleIndexFile.Save(folder, this);

    /// <summary>Opens the indices of a folder; the same queries give the same answers as before they were saved.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Threads and the like for what is added later; null for the defaults. Embedding and weights come from the files.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="Storage.TesseraFormatException">A file is damaged, foreign or missing.</exception>
    public static HierarchicalStyleIndex LoadIndices(string folder, StyleIndexOptions? options = null) => StyleIndexFile.Load(folder, options ?? new StyleIndexOptions());

    /// <summary>Releases the files that the index was loaded from.</summary>
    public void Dispose()
    {
        foreach (GenreIndex genre in Genres.Values)
            genre.Dispose();
    }

    internal void Take(GenreIndex genre)
    {
        lock (_writing)
            Volatile.Write(ref _genres, new Dictionary<(string, string?), GenreIndex>(_genres) { [(genre.Parent, genre.Child)] = genre });
    }

    private void Set(string parent, string? child, float weight, IReadOnlyList<StylePattern> patterns, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(parent);
        ArgumentNullException.ThrowIfNull(patterns);
        if (patterns.Count == 0)
            throw new ArgumentException($"There are no patterns for '{(child is null ? parent : $"{parent}/{child}")}'; give at least one.", nameof(patterns));
        Take(GenreIndex.Build(parent, child, weight, patterns, Embedder, _options, cancellationToken));
    }

    private static string Listed(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}

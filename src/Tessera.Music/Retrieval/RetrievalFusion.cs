using Tessera.Music.Packs;
using Tessera.Music.Tokens;

namespace Tessera.Music.Retrieval;

/// <summary>
/// Biases the next token of a generator towards the patterns of a genre. A plain processor of logits for anyone's sampler: call
/// <see cref="ApplyRetrievalBias"/> between the model and the sampling. One fusion serves one thread at a time; the index may be shared.
/// Allocates nothing in steady state. What is added to the index later is seen by fusions that are made later.
/// </summary>
public sealed class RetrievalFusion
{
    private readonly HierarchicalStyleIndex _index;
    private readonly NgramTable? _ngrams;
    private readonly ProbabilityFusion? _mixture;
    private readonly float[] _share;

    /// <summary>Makes a fusion: puts the contexts of the genre in order, which takes about a second for each million tokens when the index has not done it yet.</summary>
    /// <param name="index">The patterns.</param>
    /// <param name="vocabulary">The tokens that logits stand for.</param>
    /// <param name="config">What to prefer.</param>
    /// <exception cref="ArgumentException">The index has no such genre, or a setting is out of range.</exception>
    public RetrievalFusion(HierarchicalStyleIndex index, Vocabulary vocabulary, RetrievalConfig config)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        config.Weights?.Validate();
        _index = index;
        Vocabulary = vocabulary;
        Config = config;
        _share = new float[vocabulary.Count];
        (GenreIndex? parent, GenreIndex? child) = index.Find(config.FamilyIndex, config.ChildGenre);
        if (config.ChildBias == 0)
            child = null;
        if (config.Mode == FusionMode.Reference)
        {
            _ngrams = new NgramTable(config.NgramSize);
            AddNgrams(parent, 1);
            AddNgrams(child, 1 + config.ChildBias);
        }
        else
        {
            _mixture = new ProbabilityFusion(index, vocabulary, config, parent, child);
        }
    }

    /// <summary>What it prefers.</summary>
    public RetrievalConfig Config { get; }

    /// <summary>The tokens that logits stand for.</summary>
    public Vocabulary Vocabulary { get; }

    internal ProbabilityFusion? Mixture => _mixture;

    /// <summary>Loads an index and a vocabulary and makes a fusion of them.</summary>
    /// <param name="indexDir">The folder of a saved index.</param>
    /// <param name="vocabFile">A <c>vocab.json</c>.</param>
    /// <param name="config">What to prefer.</param>
    /// <exception cref="Storage.TesseraFormatException">A file is damaged or foreign.</exception>
    /// <exception cref="ArgumentException">The index has no such genre, or a setting is out of range.</exception>
    public static RetrievalFusion Create(string indexDir, string vocabFile, RetrievalConfig config) =>
        new(HierarchicalStyleIndex.LoadIndices(indexDir), Vocabulary.Load(vocabFile), config);

    /// <summary>Biases the logits of the next token, in place.</summary>
    /// <param name="logits">One for each token of the vocabulary; negative infinity for what cannot come.</param>
    /// <param name="generated">The sequence so far, as ids of the vocabulary; <see cref="Vocabulary.Unknown"/> for a token that it lacks.</param>
    /// <returns>Whether anything was retrieved; where not, the logits stay as they are.</returns>
    /// <exception cref="ArgumentException"><paramref name="logits"/> has another length, or an id is beyond the vocabulary.</exception>
    public bool ApplyRetrievalBias(Span<float> logits, ReadOnlySpan<int> generated)
    {
        if (logits.Length != Vocabulary.Count)
            throw new ArgumentException($"There are {logits.Length} logits; the vocabulary has {Vocabulary.Count} tokens.", nameof(logits));
        if (generated.ContainsAnyInRange(Vocabulary.Count, int.MaxValue))
            throw new ArgumentException($"An id is beyond the vocabulary of {Vocabulary.Count} tokens.", nameof(generated));
        return _mixture is not null ? _mixture.Apply(logits, generated) : ApplyNgrams(logits, generated);
    }

    /// <summary>Patterns similar to some tokens under this fusion's genre and bias, for broader context than n-grams.</summary>
    /// <param name="queryTokens">Tokens to find similar patterns for.</param>
    /// <param name="k">Patterns to retrieve; null for <see cref="RetrievalConfig.TopKPatterns"/>.</param>
    public IReadOnlyList<StylePattern> GetSimilarPatternsContext(IReadOnlyList<string> queryTokens, int? k = null) =>
        [.. _index.RetrieveSimilarPatterns(queryTokens, Config.FamilyIndex, Config.ChildGenre, Config.ChildBias, k ?? Math.Max(1, Config.TopKPatterns)).Select(found => found.Pattern)];

    private bool ApplyNgrams(Span<float> logits, ReadOnlySpan<int> generated)
    {
        if (generated.Length < Config.NgramSize)
            return false;
        ReadOnlySpan<(int Token, float Weight)> following = _ngrams!.Following(generated[^Config.NgramSize..]);
        if (following.IsEmpty)
            return false;
        float total = 0;
        foreach (var (_, weight) in following)
            total += weight;
        foreach (var (token, weight) in following)
            _share[token] = weight / total;
        // As documented: the base weight, and for a child more of it.
        float fusion = Math.Min(1, Config.FusionWeight * (Config.ChildGenre is null ? 1 : 1 + Config.ChildBias));
        for (int token = 0; token < logits.Length; token++)
            logits[token] = (1 - fusion) * logits[token] + fusion * (_share[token] / Config.TemperatureScale);
        foreach (var (token, _) in following)
            _share[token] = 0;
        return true;
    }

    private void AddNgrams(GenreIndex? genre, float factor)
    {
        if (genre is null)
            return;
        foreach (StylePattern pattern in genre.Patterns.Span)
            _ngrams!.Add(Vocabulary.Encode(pattern.Tokens), pattern.Weight * factor);
    }
}

using Tessera.Vectors;

namespace Tessera.CodeMap.Tokens;

/// <summary>
/// What a map knows of its words: in how many entities each stands, fitted once, and how they are written. Words that come later are
/// added with the counts of their first build, so that no vector of an entity that stays changes. Immutable.
/// </summary>
internal sealed class WordWeights
{
    private readonly Func<Glossary> _read;
    private Glossary? _glossary;

    private WordWeights(HashedTextEmbedder embedder, Func<Glossary> glossary, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> blobs)
    {
        Embedder = embedder;
        _read = glossary;
        Blobs = blobs;
    }

    public HashedTextEmbedder Embedder { get; }

    /// <summary>Read when it is asked for: only names of clusters need it.</summary>
    public Glossary Glossary => _glossary ??= _read();

    /// <summary>All of it for a store: of every build that brought words one blob of weights and one of spellings.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Blobs { get; }

    /// <summary>Counts the words of all entities.</summary>
    public static WordWeights Fit(int dimension, WeightedToken[][] tokens, Glossary glossary, CancellationToken cancellationToken)
    {
        HashedTextEmbedder embedder = HashedTextEmbedder.Fit(dimension, tokens.Select(document => (ReadOnlyMemory<WeightedToken>)document), cancellationToken);
        var blobs = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal)
        {
            [WeightBytes.WeightsOf(0)] = WeightBytes.Weights(embedder.Documents, embedder.Frequencies),
            [WeightBytes.SpellingsOf(0)] = WeightBytes.Spellings(glossary),
        };
        return new WordWeights(embedder, () => glossary, blobs);
    }

    /// <summary>Reads what a store kept.</summary>
    /// <exception cref="InvalidDataException">It is not whole.</exception>
    public static WordWeights Read(int dimension, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> blobs)
    {
        int parts = blobs.Count / 2, documents = 0;
        var frequencies = new Dictionary<ulong, int>();
        for (int part = 0; part < parts; part++)
            documents = Math.Max(documents, WeightBytes.ReadWeights(Required(blobs, WeightBytes.WeightsOf(part)), frequencies));
        return new WordWeights(
            new HashedTextEmbedder(dimension, documents, frequencies),
            () => WeightBytes.ReadSpellings(Enumerable.Range(0, parts).Select(part => Required(blobs, WeightBytes.SpellingsOf(part)))),
            blobs);
    }

    /// <summary>Adds the words of entities that are new or different.</summary>
    /// <param name="tokens">Their tokens.</param>
    /// <param name="glossary">How their files write them.</param>
    /// <returns>This, where there is no new word.</returns>
    public WordWeights With(IEnumerable<WeightedToken[]> tokens, Glossary glossary)
    {
        var added = new Dictionary<ulong, int>();
        foreach (WeightedToken token in tokens.SelectMany(document => document.DistinctBy(token => token.Hash)))
        {
            if (Embedder.DocumentFrequency(token.Hash) == 0)
                added[token.Hash] = Math.Min(Embedder.Documents, added.GetValueOrDefault(token.Hash) + 1);
        }

        if (added.Count == 0)
            return this;
        var frequencies = new Dictionary<ulong, int>(Embedder.Frequencies);
        foreach (var (token, count) in added)
            frequencies[token] = count;
        var blobs = new Dictionary<string, ReadOnlyMemory<byte>>(Blobs, StringComparer.Ordinal);
        int part = blobs.Count / 2;
        blobs[WeightBytes.WeightsOf(part)] = WeightBytes.Weights(Embedder.Documents, added);
        blobs[WeightBytes.SpellingsOf(part)] = WeightBytes.Spellings(glossary.Only(added.Keys));
        return new WordWeights(new HashedTextEmbedder(Embedder.Dimension, Embedder.Documents, frequencies), () => Glossary.With(glossary), blobs);
    }

    private static ReadOnlyMemory<byte> Required(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> blobs, string name) =>
        blobs.TryGetValue(name, out ReadOnlyMemory<byte> bytes) ? bytes : throw new InvalidDataException($"the map's '{name}' is missing; build it again from nothing.");
}

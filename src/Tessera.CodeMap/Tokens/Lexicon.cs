using System.Collections.Concurrent;
using Tessera.Vectors;

namespace Tessera.CodeMap.Tokens;

/// <summary>
/// Knows every distinct word of a code base: its tokens, and in how many files it stands. Filled by many threads; since it
/// only counts, their order does not show.
/// </summary>
internal sealed class Lexicon
{
    // Beyond this it is no word but data: a key, a hash, a blob.
    private const int LongestWord = 80;

    private readonly ConcurrentDictionary<string, Word> _words = new(StringComparer.Ordinal);

    /// <summary>A distinct word.</summary>
    internal sealed class Word(Token[] tokens)
    {
        private int _files;

        public Token[] Tokens { get; } = tokens;

        public int Files => _files;

        public void CountFile() => Interlocked.Increment(ref _files);
    }

    /// <summary>The word's entry, made on first sight.</summary>
    public Word this[string word] => _words.GetOrAdd(word, static text => new Word(Tokenise(text)));

    /// <summary>The entry of a word, without keeping a new string when it is known.</summary>
    public Word this[ReadOnlySpan<char> word] =>
        _words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out Word? known) ? known : this[word.ToString()];

    /// <summary>Every token once, with the surface that most files write (of equals the shorter, then the lower by code point).</summary>
    public Dictionary<ulong, Token> Tokens()
    {
        var counts = new Dictionary<ulong, Dictionary<Token, int>>();
        foreach (Word word in _words.Values)
        {
            foreach (Token token in word.Tokens)
            {
                if (!counts.TryGetValue(token.Hash, out Dictionary<Token, int>? surfaces))
                    counts[token.Hash] = surfaces = [];
                surfaces[token] = surfaces.GetValueOrDefault(token) + word.Files;
            }
        }

        return counts.ToDictionary(
            entry => entry.Key,
            entry => entry.Value.OrderByDescending(surface => surface.Value)
                .ThenBy(surface => surface.Key.Surface.Length)
                .ThenBy(surface => surface.Key.Surface, StringComparer.Ordinal)
                .ThenBy(surface => surface.Key.Left)
                .First().Key);
    }

    /// <summary>The tokens of one word: its parts' stems without stop words, single letters and bare numbers, and its neighbouring parts joined.</summary>
    internal static Token[] Tokenise(string word)
    {
        if (word.Length > LongestWord || StopWords.IsPlumbing(word))
            return [];
        var parts = new List<Range>();
        IdentifierSplitter.Split(word, parts);
        var tokens = new List<Token>(parts.Count * 2);
        for (int i = 0; i < parts.Count; i++)
        {
            ReadOnlySpan<char> part = word.AsSpan()[parts[i]];
            if (Stem(part) is { } stem)
                tokens.Add(new Token(HashedTextEmbedder.Hash(stem), part.ToString()));
            if (i + 1 < parts.Count && Pair(word, parts[i], parts[i + 1]) is { } pair)
                tokens.Add(pair);
        }

        return [.. tokens];
    }

    private static string? Stem(ReadOnlySpan<char> part)
    {
        if (part.Length < 2 || char.IsDigit(part[0]))
            return null;
        return IsStopWord(part) ? null : Key(part);
    }

    private static bool IsStopWord(ReadOnlySpan<char> part) => StopWords.Contains(part.ToString().ToLowerInvariant());

    private static Token? Pair(string word, Range first, Range second)
    {
        ReadOnlySpan<char> left = word.AsSpan()[first], right = word.AsSpan()[second];
        if (char.IsDigit(left[0]) || IsPrefix(word, left, first, second))
            return null;
        if (IsStopWord(left) || IsStopWord(right))
            return null;
        string leftKey = Key(left), rightKey = Key(right);
        return new Token(
            HashedTextEmbedder.Hash(leftKey + rightKey),
            word[first.Start.Value..second.End.Value],
            HashedTextEmbedder.Hash(leftKey),
            HashedTextEmbedder.Hash(rightKey));
    }

    // Single letters and digits are dropped alone and kept in a pair, which they make telling: k-means, L2, avx512.
    private static string Key(ReadOnlySpan<char> part) => Stemmer.Stem(part.ToString().ToLowerInvariant());

    // The I of an interface and the T of a type parameter are no words: IGrain, TKey.
    private static bool IsPrefix(string word, ReadOnlySpan<char> left, Range first, Range second) =>
        left is "I" or "T" && first.Start.Value == 0 && second.Start.Value == 1 && char.IsUpper(word[1]);
}

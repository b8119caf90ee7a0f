using System.Collections.Concurrent;
using Tessera.Vectors;

namespace Tessera.CodeMap.Tokens;

/// <summary>
/// Knows every distinct word of a code base: its tokens, and in how many files it stands. Filled by many threads; since it
/// only counts, their order does not show.
/// </summary>
/// <param name="readDocumentation">Whether the comments above declarations count.</param>
internal sealed class Lexicon(bool readDocumentation = true)
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

    /// <summary>Whether the comments above declarations count.</summary>
    public bool ReadsDocumentation => readDocumentation;

    /// <summary>The word's entry, made on first sight.</summary>
    public Word this[string word] => _words.GetOrAdd(word, static text => new Word(Tokenise(text)));

    /// <summary>The entry of a word, without keeping a new string when it is known.</summary>
    public Word this[ReadOnlySpan<char> word] =>
        _words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out Word? known) ? known : this[word.ToString()];

    /// <summary>Every token as most files write it (of equals the shorter, then the lower by code point), and the runs of parts in all words.</summary>
    public Glossary Glossary()
    {
        var counts = new Dictionary<ulong, Dictionary<Token, int>>();
        var runs = new HashSet<ulong>();
        foreach (Word word in _words.Values)
        {
            foreach (Token token in word.Tokens)
            {
                if (!counts.TryGetValue(token.Hash, out Dictionary<Token, int>? spellings))
                    counts[token.Hash] = spellings = [];
                spellings[token] = spellings.GetValueOrDefault(token) + word.Files;
            }

            AddRuns(word.Tokens, runs);
        }

        var tokens = counts.ToDictionary(
            entry => entry.Key,
            entry => entry.Value.OrderByDescending(spelling => spelling.Value)
                .ThenBy(spelling => spelling.Key.Surface.Length)
                .ThenBy(spelling => spelling.Key.Surface, StringComparer.Ordinal)
                .ThenBy(spelling => spelling.Key.Left)
                .First().Key);
        return new Glossary(tokens, runs);
    }

    // Pairs that share a part follow each other: (Hashed, Text), (Text, Embedder).
    private static void AddRuns(Token[] tokens, HashSet<ulong> runs)
    {
        var parts = new List<ulong>();
        foreach (Token pair in tokens)
        {
            if (!pair.IsPair)
                continue;
            if (parts.Count == 0 || parts[^1] != pair.Left)
            {
                parts.Clear();
                parts.Add(pair.Left);
            }

            parts.Add(pair.Right);
            for (int length = 3; length <= Math.Min(parts.Count, Tokens.Glossary.LongestRun); length++)
                runs.Add(Tokens.Glossary.KeyOf(parts.TakeLast(length)));
        }
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
        string word = part.ToString().ToLowerInvariant();
        return StopWords.Contains(word) ? null : Stemmer.Stem(word);
    }

    // Single letters and digits are dropped alone and kept in a pair, which they make telling: k-means, avx512.
    private static Token? Pair(string word, Range first, Range second)
    {
        int start = first.Start.Value, joint = second.Start.Value;
        string left = word[first].ToLowerInvariant(), right = word[second].ToLowerInvariant();
        if (char.IsDigit(left[0]) || IsPrefix(word, first, second) || !StopWords.MayJoin(left, right))
            return null;
        // m_field, Proxy_IGrain: what an underscore parts off is no half of a word.
        if (word[joint - 1] == '_' && (left.Length == 1 || right.Length == 1))
            return null;
        string leftKey = Stemmer.Stem(left), rightKey = Stemmer.Stem(right);
        return new Token(
            HashedTextEmbedder.Hash(leftKey + rightKey),
            word[start..second.End.Value],
            HashedTextEmbedder.Hash(leftKey),
            HashedTextEmbedder.Hash(rightKey),
            joint - start);
    }

    // The I of an interface and the T of a type parameter are no words: IGrain, TKey.
    private static bool IsPrefix(string word, Range first, Range second) =>
        word[first] is "I" or "T" && first.Start.Value == 0 && second.Start.Value == 1 && char.IsUpper(word[1]);
}

using System.Runtime.InteropServices;
using Tessera.Vectors;

namespace Tessera.CodeMap.Tokens;

/// <summary>Collects the tokens of one entity after another, part by part, and weighs them. One bag serves one file; not for two threads.</summary>
internal sealed class TokenBag(Lexicon lexicon)
{
    // A pair stands beside its two parts, which have counted already.
    private const float PairShare = 0.25f;

    private readonly List<Entry> _entries = [];
    private readonly HashSet<Lexicon.Word> _wordsOfFile = [];
    private readonly int[] _counts = new int[Weights.Length];

    private readonly record struct Entry(Token Token, TextPart Part);

    /// <param name="Each">What one token of the part counts.</param>
    /// <param name="Most">What all tokens of the part count together, at most: a long body must not drown the name.</param>
    private readonly record struct PartWeight(float Each, float Most);

    // Chosen by looking at clusters and answers on this tree and on dotnet/orleans.
    private static readonly PartWeight[] Weights =
    [
        new(4, 16), // Name
        new(3, 9), // Container
        new(1.5f, 6), // Path
        new(1.5f, 12), // Documentation
        new(1, 6), // Signature
        new(1, 12), // Member
        new(0.5f, 12), // Body
        new(0.5f, 6), // Comment
        new(0.25f, 2), // Literal
    ];

    /// <summary>Adds an identifier.</summary>
    public void Add(string identifier, TextPart part) => Add(lexicon[identifier], part);

    /// <summary>Adds the words of a text.</summary>
    public void AddText(ReadOnlySpan<char> text, TextPart part)
    {
        if (part == TextPart.Documentation && !lexicon.ReadsDocumentation)
            return;
        int start = 0;
        while (start < text.Length)
        {
            if (!IsWordLetter(text[start]))
            {
                start++;
                continue;
            }

            int end = start + 1;
            while (end < text.Length && (IsWordLetter(text[end]) || text[end] is '-' or '_'))
                end++;
            Add(lexicon[text[start..end]], part);
            start = end;
        }
    }

    /// <summary>Ends an entity: its tokens, each once, with the weights of its places added up. The bag is empty again afterwards.</summary>
    public WeightedToken[] Take()
    {
        var weights = new Dictionary<ulong, float>(_entries.Count);
        foreach (Entry entry in _entries)
        {
            PartWeight part = Weights[(int)entry.Part];
            float weight = MathF.Min(part.Each, part.Most / _counts[(int)entry.Part]) * (entry.Token.IsPair ? PairShare : 1);
            CollectionsMarshal.GetValueRefOrAddDefault(weights, entry.Token.Hash, out _) += weight;
        }

        _entries.Clear();
        Array.Clear(_counts);
        var tokens = new WeightedToken[weights.Count];
        int next = 0;
        foreach (var (hash, weight) in weights)
            tokens[next++] = new WeightedToken(hash, weight);
        return tokens;
    }

    private void Add(Lexicon.Word word, TextPart part)
    {
        if (_wordsOfFile.Add(word))
            word.CountFile();
        foreach (Token token in word.Tokens)
        {
            _entries.Add(new Entry(token, part));
            if (!token.IsPair)
                _counts[(int)part]++;
        }
    }

    private static bool IsWordLetter(char letter) => char.IsLetterOrDigit(letter);
}

namespace Tessera.CodeMap.Tokens;

/// <summary>How a code base writes its tokens, for showing them.</summary>
/// <param name="tokens">Every token once, in its commonest spelling.</param>
/// <param name="runs">Keys of the runs of three or four parts that stand in some identifier.</param>
internal sealed class Glossary(IReadOnlyDictionary<ulong, Token> tokens, IReadOnlySet<ulong> runs)
{
    /// <summary>The most parts of an identifier that are known as one run.</summary>
    public const int LongestRun = 4;

    /// <summary>Every token by its hash.</summary>
    public IReadOnlyDictionary<ulong, Token> Tokens => tokens;

    /// <summary>The runs.</summary>
    public IReadOnlySet<ulong> Runs => runs;

    /// <summary>The token of a hash.</summary>
    public Token this[ulong hash] => tokens[hash];

    /// <summary>Whether some identifier has these parts (three or four hashes) in this order.</summary>
    public bool Holds(IEnumerable<ulong> parts) => runs.Contains(KeyOf(parts));

    /// <summary>One number for a run of parts.</summary>
    public static ulong KeyOf(IEnumerable<ulong> parts) => parts.Aggregate(0UL, (key, part) => key * 0x9E3779B97F4A7C15 + part);

    /// <summary>Some tokens of it, and all its runs.</summary>
    public Glossary Only(IEnumerable<ulong> hashes) => new(hashes.Where(tokens.ContainsKey).ToDictionary(hash => hash, hash => tokens[hash]), runs);

    /// <summary>This one's spellings, and another's of what is not in it.</summary>
    public Glossary With(Glossary other)
    {
        var both = new Dictionary<ulong, Token>(tokens);
        foreach (Token token in other.Tokens.Values)
            both.TryAdd(token.Hash, token);
        return new Glossary(both, runs.Union(other.Runs).ToHashSet());
    }
}

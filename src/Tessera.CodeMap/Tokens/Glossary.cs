namespace Tessera.CodeMap.Tokens;

/// <summary>How a code base writes its tokens, for showing them.</summary>
/// <param name="tokens">Every token once, in its commonest spelling.</param>
/// <param name="runs">Keys of the runs of three or four parts that stand in some identifier.</param>
internal sealed class Glossary(IReadOnlyDictionary<ulong, Token> tokens, IReadOnlySet<ulong> runs)
{
    /// <summary>The most parts of an identifier that are known as one run.</summary>
    public const int LongestRun = 4;

    /// <summary>The token of a hash.</summary>
    public Token this[ulong hash] => tokens[hash];

    /// <summary>Whether some identifier has these parts (three or four hashes) in this order.</summary>
    public bool Holds(IEnumerable<ulong> parts) => runs.Contains(KeyOf(parts));

    /// <summary>One number for a run of parts.</summary>
    public static ulong KeyOf(IEnumerable<ulong> parts) => parts.Aggregate(0UL, (key, part) => key * 0x9E3779B97F4A7C15 + part);
}

namespace Tessera.CodeMap.Tokens;

/// <summary>How a code base writes its tokens, for showing them.</summary>
/// <param name="tokens">Every token once, in its commonest spelling.</param>
/// <param name="chains">Pairs that follow each other in some identifier, sharing a part: (HashedText, TextEmbedder).</param>
internal sealed class Glossary(IReadOnlyDictionary<ulong, Token> tokens, IReadOnlySet<(ulong Left, ulong Right)> chains)
{
    /// <summary>The token of a hash.</summary>
    public Token this[ulong hash] => tokens[hash];

    /// <summary>Whether some identifier goes on from the pair <paramref name="left"/> to the pair <paramref name="right"/>.</summary>
    public bool IsChain(Token left, Token right) => chains.Contains((left.Hash, right.Hash));
}

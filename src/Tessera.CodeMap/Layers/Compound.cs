using Tessera.CodeMap.Tokens;

namespace Tessera.CodeMap.Layers;

/// <summary>A word of a label: one part of an identifier, or several that stand together, such as <c>HashedTextEmbedder</c>.</summary>
/// <param name="Text">The letters to show.</param>
/// <param name="Parts">Hashes of the tokens that it is made of.</param>
internal sealed record Compound(string Text, IReadOnlyList<ulong> Parts)
{
    private const int MostParts = 4;

    /// <summary>Joins to a token the pairs that go on from it on either side, as far as they reach.</summary>
    /// <param name="token">What to begin with.</param>
    /// <param name="pairs">Pairs that stand where the token stands, best first.</param>
    /// <param name="glossary">Knows which pairs follow each other.</param>
    public static Compound Around(Token token, IReadOnlyList<Token> pairs, Glossary glossary)
    {
        Token first = token.IsPair ? token : pairs.FirstOrDefault(pair => pair.Left == token.Hash || pair.Right == token.Hash);
        if (!first.IsPair)
            return new Compound(AsShown(token.Surface), [token.Hash]);

        Token last = first;
        string text = first.Surface;
        List<ulong> parts = [first.Left, first.Right];
        while (parts.Count < MostParts)
        {
            Token before = pairs.FirstOrDefault(pair => glossary.IsChain(pair, first) && !parts.Contains(pair.Left));
            Token after = pairs.FirstOrDefault(pair => glossary.IsChain(last, pair) && !parts.Contains(pair.Right));
            if (before.IsPair)
            {
                parts.Add(before.Left);
                text = before.Surface[..before.Joint] + text;
                first = before;
            }
            else if (after.IsPair)
            {
                parts.Add(after.Right);
                text += after.Surface[after.Joint..];
                last = after;
            }
            else
            {
                break;
            }
        }

        return new Compound(text, [token.Hash, .. parts]);
    }

    // A part of an identifier is a plain word and is shown as one; abbreviations keep their capitals.
    private static string AsShown(string surface) =>
        surface.AsSpan(1).ContainsAnyExceptInRange('a', 'z') ? surface : surface.ToLowerInvariant();
}

using Tessera.CodeMap.Tokens;

namespace Tessera.CodeMap.Layers;

/// <summary>A word of a label: one part of an identifier, or several that stand together, such as <c>HashedTextEmbedder</c>.</summary>
/// <param name="Text">The letters to show.</param>
/// <param name="Parts">Hashes of the tokens that it is made of.</param>
internal sealed record Compound(string Text, IReadOnlyList<ulong> Parts)
{
    // Where most of the members that have a word have it in one compound, the compound is what they are about; it goes on
    // only where nearly all of them go on.
    private const double ShareOfWord = 0.6;
    private const double ShareOfCompound = 0.9;

    /// <summary>Joins to a token the pairs that go on from it on either side, as far as some identifier reaches.</summary>
    /// <param name="token">What to begin with.</param>
    /// <param name="pairs">The cluster's pairs, most telling first.</param>
    /// <param name="cluster">Knows in how many members each token stands.</param>
    /// <param name="glossary">Knows which parts stand together.</param>
    public static Compound Around(Token token, IReadOnlyList<Token> pairs, TermProfile cluster, Glossary glossary)
    {
        double most = ShareOfWord * cluster[token.Hash].Members;
        Token start = token.IsPair
            ? token
            : pairs.FirstOrDefault(pair => (pair.Left == token.Hash || pair.Right == token.Hash) && cluster[pair.Hash].Members >= most);
        if (!start.IsPair)
            return new Compound(AsShown(token.Surface), [token.Hash]);

        double nearlyAll = ShareOfCompound * cluster[start.Hash].Members;
        Token[] usable = [.. pairs.Where(pair => cluster[pair.Hash].Members >= nearlyAll)];
        string text = start.Surface;
        List<ulong> parts = [start.Left, start.Right];
        while (parts.Count < Glossary.LongestRun)
        {
            Token before = usable.FirstOrDefault(pair => pair.Right == parts[0] && glossary.Holds([pair.Left, .. parts]));
            Token after = usable.FirstOrDefault(pair => pair.Left == parts[^1] && glossary.Holds([.. parts, pair.Right]));
            if (before.IsPair)
            {
                parts.Insert(0, before.Left);
                text = before.Surface[..before.Joint] + text;
            }
            else if (after.IsPair)
            {
                parts.Add(after.Right);
                text += after.Surface[after.Joint..];
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

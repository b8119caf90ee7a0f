using Tessera.Vectors;

namespace Tessera.CodeMap.Tokens;

/// <summary>The tokens of a question: those of its words, and each two neighbours joined as an identifier would join them.</summary>
internal static class QueryTokens
{
    // "read vectors" may stand in the code as ReadVectors; where it does not, the token is unknown and falls away.
    private const float JoinedWeight = 0.5f;

    public static List<WeightedToken> Of(string text)
    {
        var tokens = new List<WeightedToken>();
        string? previous = null;
        foreach (string word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            Add(Lexicon.Tokenise(word), tokens);
            if (previous is not null)
                tokens.AddRange(Lexicon.Tokenise($"{previous}-{word}").Where(token => token.IsPair).Select(token => new WeightedToken(token.Hash, JoinedWeight)));
            previous = word;
        }

        return tokens;
    }

    private static void Add(Token[] word, List<WeightedToken> tokens)
    {
        foreach (Token token in word)
            tokens.Add(new WeightedToken(token.Hash, token.IsPair ? JoinedWeight : 1));
    }
}

namespace Tessera.Music.Tokens;

/// <summary>Bars that stand alone, each with its own header, and pieces, in which only what changes is said again.</summary>
public static class BarSequence
{
    /// <summary>Joins the bars of one piece: a header token that says what holds already is left out.</summary>
    /// <param name="bars">Bars in their order; any tokens will do.</param>
    public static string[] Join(IEnumerable<IReadOnlyList<string>> bars)
    {
        ArgumentNullException.ThrowIfNull(bars);
        var joined = new List<string>();
        var state = new Dictionary<TokenKind, string>();
        foreach (IReadOnlyList<string> bar in bars)
        {
            // A change within a bar and behind it the header of the next: the meter, said again, keeps them apart.
            if (joined.Count > 0 && MusicToken.TryParse(joined[^1], out MusicToken last) && last.IsHeader && state.TryGetValue(TokenKind.Meter, out string? meter))
                joined.Add(meter);
            foreach (string text in bar)
            {
                bool isHeader = MusicToken.TryParse(text, out MusicToken token) && token.IsHeader;
                if (isHeader && state.TryGetValue(token.Kind, out string? held) && held == text)
                    continue;
                if (isHeader)
                    state[token.Kind] = text;
                joined.Add(text);
            }
        }

        return [.. joined];
    }
}

using System.Globalization;

namespace Tessera.Music.Tokens;

/// <summary>A token, taken apart.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Value">Its number: a position, pitch, velocity, duration, grid or program (-1 for drums), microseconds a quarter for a tempo, numerator * 256 + denominator for a meter; else 0.</param>
/// <remarks>
/// A piece reads <c>STYLE=pop TEMPO=120 METER=4/4 GRID=12 KEY=C SECTION=VERSE PROGRAM=0 BAR POS=1 CHORD=C NOTE_ON 60 VEL=80 DUR=12 POS=13 ... BAR ...</c>.
/// Without <c>GRID=</c> a quarter note has 4 steps, without <c>METER=</c> a bar is 4/4.
/// </remarks>
public readonly record struct MusicToken(TokenKind Kind, int Value)
{
    private static readonly Dictionary<string, TokenKind> Keys = new(StringComparer.Ordinal)
    {
        ["STYLE"] = TokenKind.Style,
        ["TEMPO"] = TokenKind.Tempo,
        ["METER"] = TokenKind.Meter,
        ["GRID"] = TokenKind.Grid,
        ["KEY"] = TokenKind.Key,
        ["SECTION"] = TokenKind.Section,
        ["PROGRAM"] = TokenKind.Program,
        ["POS"] = TokenKind.Position,
        ["CHORD"] = TokenKind.Chord,
        ["VEL"] = TokenKind.Velocity,
        ["DUR"] = TokenKind.Duration,
    };

    private static readonly Dictionary<string, TokenKind>.AlternateLookup<ReadOnlySpan<char>> KeysBySpan = Keys.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether it says something about a whole piece or bar and stands before <c>BAR</c>.</summary>
    public bool IsHeader => Kind is >= TokenKind.Style and <= TokenKind.Program;

    /// <summary>Takes a token apart.</summary>
    /// <param name="text">The token.</param>
    /// <param name="token">What it says; of kind <see cref="TokenKind.Other"/> where the word before the <c>=</c> is none of ours.</param>
    /// <returns>Whether the token is well formed: false for <c>POS=abc</c>, <c>128</c> or <c>STYLE=</c>.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out MusicToken token)
    {
        token = default;
        TokenKind word = text switch
        {
            "BAR" => TokenKind.Bar,
            "NOTE_ON" => TokenKind.NoteOn,
            "CUT" => TokenKind.Cut,
            _ => TokenKind.Other,
        };
        if (word != TokenKind.Other)
        {
            token = new MusicToken(word, 0);
            return true;
        }

        int equals = text.IndexOf('=');
        if (equals < 0)
        {
            if (text.IsEmpty || !char.IsAsciiDigit(text[0]))
                return !text.IsEmpty;
            return Whole(text, 0, 127, TokenKind.Pitch, out token);
        }

        if (!KeysBySpan.TryGetValue(text[..equals], out TokenKind kind))
            return equals > 0;
        ReadOnlySpan<char> value = text[(equals + 1)..];
        if (value.IsEmpty)
            return false;
        switch (kind)
        {
            case TokenKind.Tempo:
                token = new MusicToken(kind, TempoText.Parse(value));
                return token.Value > 0;
            case TokenKind.Meter:
                int slash = value.IndexOf('/');
                if (slash < 0 || !Whole(value[..slash], 1, 255, kind, out MusicToken over) || !Whole(value[(slash + 1)..], 1, 64, kind, out MusicToken under) || !int.IsPow2(under.Value))
                    return false;
                token = new MusicToken(kind, over.Value << 8 | under.Value);
                return true;
            case TokenKind.Grid:
                return Whole(value, 1, Tokenizer.TicksPerQuarter, kind, out token) && Tokenizer.TicksPerQuarter % token.Value == 0;
            case TokenKind.Program:
                token = new MusicToken(kind, Midi.Note.Drums);
                return value is "DRUMS" || Whole(value, 0, 127, kind, out token);
            case TokenKind.Position:
                return Whole(value, 1, 1 << 20, kind, out token);
            case TokenKind.Velocity:
                return Whole(value, 1, 127, kind, out token);
            case TokenKind.Duration:
                return Whole(value, 1, 1 << 24, kind, out token);
            default:
                token = new MusicToken(kind, 0);
                return true;
        }
    }

    private static bool Whole(ReadOnlySpan<char> text, int least, int most, TokenKind kind, out MusicToken token)
    {
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        token = new MusicToken(kind, number);
        return isNumber && number >= least && number <= most;
    }
}

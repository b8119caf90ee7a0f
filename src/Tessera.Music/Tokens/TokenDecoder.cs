using Tessera.Music.Midi;

namespace Tessera.Music.Tokens;

/// <summary>Reads tokens as a player would, keeping where in the music it is.</summary>
internal sealed class TokenDecoder
{
    private const int PlainVelocity = 80;
    private const int TicksPerUnit = Tokenizer.TicksPerQuarter / BarEncoder.UnitsPerQuarter;

    private readonly List<Note> _notes = [];
    private readonly List<TempoChange> _tempos = [];
    private readonly List<MeterChange> _meters = [];
    private readonly List<KeyChange> _keys = [];
    private readonly List<SectionMark> _sections = [];
    private int _grid = Tokenizer.PlainGrid;
    private int _meter = 4 << 8 | 4;
    private int _program;
    private long _bar;
    private bool _inBar;
    private int _position;
    // Between a position and its first note, a change of tempo belongs to the position; later, to the next bar.
    private bool _fresh;

    public Score Decode(IReadOnlyList<string> tokens)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            if (!MusicToken.TryParse(tokens[i], out MusicToken token))
                throw Error(i, tokens[i], "is malformed");
            if (token.Kind == TokenKind.NoteOn)
                i = ReadNote(tokens, i);
            else if (token.Kind is TokenKind.Pitch or TokenKind.Velocity or TokenKind.Duration)
                throw Error(i, tokens[i], "stands without NOTE_ON before it");
            else
                Read(token, tokens[i], i);
        }

        return new Score
        {
            TicksPerQuarter = Tokenizer.TicksPerQuarter,
            Notes = [.. _notes.OrderBy(note => note.Start).ThenBy(note => note.Program).ThenBy(note => note.Pitch)],
            Tempos = _tempos,
            Meters = _meters,
            Keys = _keys,
            Sections = _sections,
        };
    }

    private void Read(MusicToken token, string text, int at)
    {
        switch (token.Kind)
        {
            case TokenKind.Bar:
                EndBar();
                _inBar = true;
                break;
            case TokenKind.Cut:
                if (!_fresh)
                    throw Error(at, text, "has no position before it");
                _bar = PositionTick();
                _inBar = false;
                EndBar();
                break;
            case TokenKind.Position:
                // Positions that do not rise belong to the next bar, as in bars that are written without BAR.
                if (_inBar && _position > 0 && token.Value <= _position)
                    EndBar();
                _inBar = true;
                _position = token.Value;
                _fresh = true;
                break;
            case TokenKind.Program:
                _program = token.Value;
                break;
            case TokenKind.Grid:
                _grid = token.Value;
                break;
            case TokenKind.Tempo:
                SetAt(_tempos, Here(at, text), tick => new TempoChange(tick, token.Value), last => (last.Tick, last.MicrosecondsPerQuarter == token.Value));
                break;
            case TokenKind.Meter:
                int start = (int)Checked(NextBar(), at, text);
                SetAt(_meters, start, tick => new MeterChange(tick, token.Value >> 8, token.Value & 0xFF), last => (last.Tick, (last.Numerator << 8 | last.Denominator) == token.Value));
                EndBar();
                _meter = token.Value;
                break;
            case TokenKind.Key when KeyName.TryParse(text["KEY=".Length..], Here(at, text), out KeyChange key):
                SetAt(_keys, key.Tick, _ => key, last => (last.Tick, last with { Tick = 0 } == key with { Tick = 0 }));
                break;
            case TokenKind.Section:
                string name = text["SECTION=".Length..];
                SetAt(_sections, Here(at, text), tick => new SectionMark(tick, name), last => (last.Tick, last.Name == name));
                break;
        }
    }

    private int ReadNote(IReadOnlyList<string> tokens, int at)
    {
        if (at + 1 >= tokens.Count || !MusicToken.TryParse(tokens[at + 1], out MusicToken pitch) || pitch.Kind != TokenKind.Pitch)
            throw Error(at, tokens[at], "has no pitch of 0 to 127 behind it");
        int velocity = PlainVelocity, steps = _grid, last = at + 1;
        if (Next(TokenKind.Velocity) is { } loud)
            velocity = loud;
        if (Next(TokenKind.Duration) is { } lasting)
            steps = lasting;
        _inBar = true;
        _position = Math.Max(1, _position);
        _fresh = false;
        long start = Checked(PositionTick(), at, tokens[at]);
        long duration = (long)steps * Tokenizer.TicksPerQuarter / _grid;
        Checked(start + duration, at, tokens[at]);
        _notes.Add(new Note((int)start, (int)duration, pitch.Value, velocity, _program));
        return last;

        int? Next(TokenKind kind)
        {
            if (last + 1 >= tokens.Count || !MusicToken.TryParse(tokens[last + 1], out MusicToken token) || token.Kind != kind)
                return null;
            last++;
            return token.Value;
        }
    }

    /// <summary>Keeps a change, unless it says what holds already; two at one place are one.</summary>
    private static void SetAt<T>(List<T> changes, int tick, Func<int, T> make, Func<T, (int Tick, bool IsSame)> compare)
    {
        if (changes.Count > 0 && compare(changes[^1]).IsSame)
            return;
        if (changes.Count > 0 && compare(changes[^1]).Tick == tick)
            changes.RemoveAt(changes.Count - 1);
        changes.Add(make(tick));
    }

    private void EndBar()
    {
        if (_inBar)
            _bar = NextBar();
        _inBar = false;
        _position = 0;
        _fresh = false;
    }

    /// <summary>The tick that a change holds from: the position just named, or the bar that comes next.</summary>
    private int Here(int at, string text) => (int)Checked(_fresh ? PositionTick() : NextBar(), at, text);

    private long PositionTick() => _bar + (long)(_position - 1) * Tokenizer.TicksPerQuarter / _grid;

    private long NextBar()
    {
        if (!_inBar)
            return _bar;
        return _bar + (long)(_meter >> 8) * 4 * BarEncoder.UnitsPerQuarter / (_meter & 0xFF) * TicksPerUnit;
    }

    private static long Checked(long tick, int at, string text) =>
        tick <= int.MaxValue / 2 ? tick : throw Error(at, text, $"lies beyond tick {int.MaxValue / 2}");

    private static FormatException Error(int at, string text, string problem) =>
        new($"Token {at + 1}, '{(text.Length <= 40 ? text : text[..40] + "...")}', {problem}.");
}

namespace Tessera.Music.Tokens;

/// <summary>
/// Follows a sequence token by token and says what may come next, so that whatever is generated is music: positions rise
/// within the bar and lie in it, every note has its pitch, velocity and duration, headers stand between bars.
/// Parts that a vocabulary has no tokens for (a velocity, a bar) are not asked for.
/// </summary>
public sealed class TokenGrammar
{
    private readonly MusicToken[] _tokens;
    private readonly bool[] _has = new bool[Enum.GetValues<TokenKind>().Length];
    private readonly bool[] _said = new bool[Enum.GetValues<TokenKind>().Length];
    private Place _place;
    private int _position;
    private int _lowestPitch;
    private int _program;
    private int _stepsInBar;
    private int _meter;
    private int _grid;
    private bool _chordSaid;
    private bool _anyBar;

    /// <summary>Makes a grammar over a vocabulary, at the start of a piece.</summary>
    public TokenGrammar(Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        _tokens = new MusicToken[vocabulary.Count];
        for (int id = 0; id < _tokens.Length; id++)
        {
            // What is malformed counts as a word of another vocabulary, which is never allowed.
            if (!MusicToken.TryParse(vocabulary[id], out _tokens[id]))
                _tokens[id] = default;
            _has[(int)_tokens[id].Kind] = true;
        }

        Reset();
    }

    private enum Place
    {
        Header,
        Bar,
        Position,
        Chord,
        Program,
        Pitch,
        Velocity,
        Duration,
        Note,
    }

    /// <summary>Whether the sequence could end here: no note is half said.</summary>
    public bool IsComplete => _place is Place.Bar or Place.Note or Place.Chord;

    /// <summary>Goes back to the start of a piece.</summary>
    public void Reset()
    {
        _place = Place.Header;
        _meter = 4 << 8 | 4;
        _grid = Tokenizer.PlainGrid;
        _program = 0;
        _anyBar = false;
        Array.Clear(_said);
        BeginBar();
    }

    /// <summary>Takes the next token in, an allowed one or any other: prompts may be written by hand.</summary>
    /// <param name="id">An id of the vocabulary, or <see cref="Vocabulary.Unknown"/>, which changes nothing.</param>
    public void Advance(int id)
    {
        if (id < 0)
            return;
        MusicToken token = _tokens[id];
        _said[(int)token.Kind] = true;
        switch (token.Kind)
        {
            case TokenKind.Bar:
                BeginBar();
                _anyBar = true;
                _place = _has[(int)TokenKind.Position] ? Place.Bar : Place.Position;
                break;
            case TokenKind.Position:
                _position = token.Value;
                _lowestPitch = 0;
                _place = Place.Position;
                break;
            case TokenKind.Chord:
                _chordSaid = true;
                _place = Place.Chord;
                break;
            case TokenKind.NoteOn:
                _place = Place.Pitch;
                break;
            case TokenKind.Pitch:
                _lowestPitch = token.Value;
                _place = _has[(int)TokenKind.Velocity] ? Place.Velocity : _has[(int)TokenKind.Duration] ? Place.Duration : Place.Note;
                break;
            case TokenKind.Velocity:
                _place = _has[(int)TokenKind.Duration] ? Place.Duration : Place.Note;
                break;
            case TokenKind.Duration:
                _place = Place.Note;
                break;
            case TokenKind.Program:
                _program = token.Value;
                _lowestPitch = 0;
                _place = _place is Place.Note or Place.Position or Place.Chord ? Place.Program : Place.Header;
                break;
            case TokenKind.Meter:
                _meter = token.Value;
                _place = Place.Header;
                break;
            case TokenKind.Grid:
                _grid = token.Value;
                _place = Place.Header;
                break;
            case TokenKind.Style or TokenKind.Tempo or TokenKind.Key or TokenKind.Section:
                _place = Place.Header;
                break;
        }
    }

    /// <summary>Says of every token whether it may come next.</summary>
    /// <param name="allowed">Receives one value for each token of the vocabulary.</param>
    /// <returns>How many are allowed; 0 only where the vocabulary has no way on.</returns>
    /// <exception cref="ArgumentException"><paramref name="allowed"/> has another length.</exception>
    public int Allow(Span<bool> allowed)
    {
        if (allowed.Length != _tokens.Length)
            throw new ArgumentException($"There are {_tokens.Length} tokens; the mask has room for {allowed.Length}.", nameof(allowed));
        int count = 0;
        for (int id = 0; id < allowed.Length; id++)
        {
            allowed[id] = IsAllowed(_tokens[id]);
            count += allowed[id] ? 1 : 0;
        }

        return count;
    }

    private bool IsAllowed(MusicToken token) => token.Kind switch
    {
        TokenKind.Bar => _place is Place.Header or Place.Bar or Place.Chord or Place.Program or Place.Note,
        TokenKind.Position => token.Value > _position && token.Value <= _stepsInBar && (_place is Place.Bar or Place.Chord or Place.Note || (_place == Place.Header && !_has[(int)TokenKind.Bar])),
        TokenKind.Chord => _place == Place.Position && !_chordSaid,
        TokenKind.NoteOn => _place is Place.Position or Place.Chord or Place.Program or Place.Note || (_place == Place.Header && !_has[(int)TokenKind.Bar] && !_has[(int)TokenKind.Position]),
        TokenKind.Pitch => _place == Place.Pitch && token.Value >= _lowestPitch,
        TokenKind.Velocity => _place == Place.Velocity,
        TokenKind.Duration => _place == Place.Duration,
        TokenKind.Program => (_place is Place.Position or Place.Chord or Place.Note && token.Value != _program) || CanSay(TokenKind.Program),
        TokenKind.Style or TokenKind.Grid => !_anyBar && CanSay(token.Kind),
        TokenKind.Tempo or TokenKind.Meter or TokenKind.Key or TokenKind.Section => CanSay(token.Kind) || (_place == Place.Note && _has[(int)TokenKind.Bar]),
        _ => false,
    };

    private bool CanSay(TokenKind kind) => _place == Place.Header && !_said[(int)kind];

    private void BeginBar()
    {
        _position = 0;
        _lowestPitch = 0;
        _chordSaid = false;
        _stepsInBar = (_meter >> 8) * 4 * _grid / (_meter & 0xFF);
        // What may be said once is said once between two bars.
        Array.Clear(_said);
    }
}

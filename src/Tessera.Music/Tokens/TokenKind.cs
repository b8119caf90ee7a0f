namespace Tessera.Music.Tokens;

/// <summary>What a token says. The spelling is in the remarks of <see cref="MusicToken"/>.</summary>
public enum TokenKind
{
    /// <summary>None of the others; other vocabularies may have such tokens.</summary>
    Other,

    /// <summary>The style of what follows: <c>STYLE=rock</c>.</summary>
    Style,

    /// <summary>Beats a minute: <c>TEMPO=120</c>.</summary>
    Tempo,

    /// <summary>The meter: <c>METER=3/4</c>.</summary>
    Meter,

    /// <summary>Grid steps in a quarter note: <c>GRID=12</c>.</summary>
    Grid,

    /// <summary>The key: <c>KEY=C</c>, <c>KEY=Am</c>.</summary>
    Key,

    /// <summary>A section begins: <c>SECTION=VERSE</c>.</summary>
    Section,

    /// <summary>The instrument of the notes that follow: <c>PROGRAM=33</c>, <c>PROGRAM=DRUMS</c>.</summary>
    Program,

    /// <summary>A bar begins: <c>BAR</c>.</summary>
    Bar,

    /// <summary>Where in the bar the next notes start, from 1: <c>POS=1</c>.</summary>
    Position,

    /// <summary>The chord of the bar: <c>CHORD=Am7</c>.</summary>
    Chord,

    /// <summary>A note follows: <c>NOTE_ON</c>.</summary>
    NoteOn,

    /// <summary>The pitch of the note, 0 to 127: <c>60</c>.</summary>
    Pitch,

    /// <summary>The velocity of the note, 1 to 127: <c>VEL=80</c>.</summary>
    Velocity,

    /// <summary>The length of the note in grid steps: <c>DUR=4</c>.</summary>
    Duration,

    /// <summary>The bar ends at the position just named, before its time: <c>CUT</c>.</summary>
    Cut,
}

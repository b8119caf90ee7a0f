using Tessera.Music.Midi;

namespace Tessera.Music.Tokens;

/// <summary>
/// Scores to tokens and back, in the manner of REMI (Huang and Yang, 2020): bars, positions on a grid, notes with velocity
/// and duration. A note's start and end move by at most half a grid step (a note shorter than a step becomes one step long);
/// tempos and meters come back exactly.
/// </summary>
public sealed class Tokenizer
{
    /// <summary>Ticks in a quarter note of the scores that <see cref="Decode"/> makes.</summary>
    public const int TicksPerQuarter = 480;

    /// <summary>Grid steps in a quarter note where no <c>GRID=</c> stands.</summary>
    public const int PlainGrid = 4;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="options">Grid and rounding; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public Tokenizer(TokenizerOptions? options = null)
    {
        Options = options ?? new TokenizerOptions();
        Options.Validate();
    }

    /// <summary>Grid and rounding.</summary>
    public TokenizerOptions Options { get; }

    /// <summary>The bars of a score, each with a header of its own, from the first bar to the last that has a note or a change.</summary>
    /// <param name="score">The music.</param>
    /// <param name="style">The style's name for <c>STYLE=</c>, or null for none.</param>
    /// <param name="section">The section that the score begins with, or null for none.</param>
    /// <exception cref="ArgumentException">The score has more bars than <see cref="TokenizerOptions.MaxBars"/>, or a name has spaces in it.</exception>
    public IReadOnlyList<string[]> EncodeBars(Score score, string? style = null, string? section = null)
    {
        ArgumentNullException.ThrowIfNull(score);
        CheckName(style, nameof(style));
        CheckName(section, nameof(section));
        return new BarEncoder(score, Options).Encode(style, section);
    }

    /// <summary>A score as one sequence of tokens.</summary>
    /// <inheritdoc cref="EncodeBars"/>
    public string[] Encode(Score score, string? style = null, string? section = null) => BarSequence.Join(EncodeBars(score, style, section));

    /// <summary>
    /// The score that tokens say. Tolerant as to what is left out: notes before any <c>BAR</c> stand in a bar of their own, without
    /// <c>VEL=</c> or <c>DUR=</c> a note has velocity 80 and the length of a quarter; words of other vocabularies are passed over.
    /// </summary>
    /// <param name="tokens">The tokens of a piece.</param>
    /// <exception cref="FormatException">A token is malformed or stands where it cannot; the message says which.</exception>
    public static Score Decode(IReadOnlyList<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return new TokenDecoder().Decode(tokens);
    }

    private static void CheckName(string? name, string parameter)
    {
        if (name is not null && (name.Length == 0 || name.Any(char.IsWhiteSpace)))
            throw new ArgumentException($"'{name}' cannot stand in a token; give a name without spaces.", parameter);
    }
}

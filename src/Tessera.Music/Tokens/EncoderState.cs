using System.Globalization;
using Tessera.Music.Midi;

namespace Tessera.Music.Tokens;

/// <summary>What holds from bar to bar while a score is written as tokens.</summary>
internal sealed class EncoderState(string? style, string? section, TokenizerOptions options)
{
    private string _tempo = $"TEMPO={TempoText.Format(TempoChange.Default)}";
    private string? _key;
    private string? _section = section is null ? null : $"SECTION={section}";
    private int _program;

    /// <summary>Writes one bar behind a header that says all that holds where it begins.</summary>
    public string[] Encode(BarSpan bar, List<(int Step, int Order, Note Note, string? Token)> contents, string? chord, Func<Note, int> stepsOf)
    {
        foreach (var (_, _, _, token) in contents.Where(content => content.Token is not null && content.Step == 0))
            Hold(token!);
        int first = contents.FindIndex(content => content.Token is null);
        if (first >= 0)
            _program = contents[first].Note.Program;
        var tokens = new List<string>();
        if (style is not null)
            tokens.Add($"STYLE={style}");
        tokens.Add(_tempo);
        tokens.Add(string.Create(CultureInfo.InvariantCulture, $"METER={bar.Numerator}/{bar.Denominator}"));
        if (options.StepsPerQuarter != Tokenizer.PlainGrid)
            tokens.Add(string.Create(CultureInfo.InvariantCulture, $"GRID={options.StepsPerQuarter}"));
        if (_key is not null)
            tokens.Add(_key);
        if (_section is not null)
            tokens.Add(_section);
        tokens.Add(ProgramToken(_program));
        tokens.Add("BAR");
        int at = -1;
        if (chord is not null)
        {
            tokens.Add(Position(at = 0));
            tokens.Add($"CHORD={chord}");
        }

        foreach (var (step, _, note, token) in contents.Where(content => content.Token is null || content.Step > 0))
        {
            if (step != at)
                tokens.Add(Position(at = step));
            if (token is null)
            {
                AddNote(tokens, note, stepsOf(note));
                continue;
            }

            Hold(token);
            tokens.Add(token);
        }

        if (bar.IsCut)
        {
            tokens.Add(Position((int)Math.Round(bar.Length * options.StepsPerQuarter / BarEncoder.UnitsPerQuarter)));
            tokens.Add("CUT");
        }

        return [.. tokens];
    }

    private void AddNote(List<string> tokens, Note note, int steps)
    {
        if (note.Program != _program)
            tokens.Add(ProgramToken(_program = note.Program));
        tokens.Add("NOTE_ON");
        tokens.Add(note.Pitch.ToString(CultureInfo.InvariantCulture));
        int velocity = (int)Math.Round((double)note.Velocity / options.VelocityStep) * options.VelocityStep;
        // 127 may not be a multiple, and nothing sounds at 0.
        if (velocity > 127)
            velocity -= options.VelocityStep;
        tokens.Add(string.Create(CultureInfo.InvariantCulture, $"VEL={Math.Max(1, velocity)}"));
        tokens.Add(string.Create(CultureInfo.InvariantCulture, $"DUR={steps}"));
    }

    private void Hold(string token)
    {
        if (token.StartsWith("TEMPO=", StringComparison.Ordinal))
            _tempo = token;
        else if (token.StartsWith("KEY=", StringComparison.Ordinal))
            _key = token;
        else
            _section = token;
    }

    private static string ProgramToken(int program) =>
        program == Note.Drums ? "PROGRAM=DRUMS" : string.Create(CultureInfo.InvariantCulture, $"PROGRAM={program}");

    private static string Position(int step) => string.Create(CultureInfo.InvariantCulture, $"POS={step + 1}");
}

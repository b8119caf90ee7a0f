using System.Text;
using Spectre.Console;
using Tessera.Music.Midi;

namespace Tessera.Cli.Music;

/// <summary>A piano roll in letters: a row for each pitch that sounds, a column for each sixteenth, a mark at each bar.</summary>
internal sealed class PianoRollText(Score score)
{
    private const int MostColumns = 128, MostRows = 32;

    private static readonly string[] Names = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

    private static readonly Dictionary<int, string> Drums = new()
    {
        [35] = "kick 2",
        [36] = "kick",
        [37] = "stick",
        [38] = "snare",
        [39] = "clap",
        [40] = "snare 2",
        [22] = "hat edge",
        [26] = "hat op edge",
        [42] = "hi-hat",
        [44] = "hat foot",
        [46] = "hat open",
        [49] = "crash",
        [52] = "crash 3",
        [55] = "crash edge",
        [57] = "crash 2",
        [51] = "ride",
        [53] = "ride bell",
        [59] = "ride edge",
        [41] = "tom 4",
        [43] = "tom 3",
        [45] = "tom 2",
        [47] = "tom 2 rim",
        [48] = "tom 1",
        [50] = "tom 1 rim",
        [58] = "tom 3 rim",
        [54] = "tambourine",
        [56] = "cowbell",
    };

    public static string NameOf(int pitch, int program) =>
        program == Note.Drums ? Drums.GetValueOrDefault(pitch, $"drum {pitch}") : $"{Names[pitch % 12]}{pitch / 12 - 1}";

    public void Render(IAnsiConsole console)
    {
        if (score.Notes.Count == 0)
            return;
        double column = score.TicksPerQuarter / 4.0;
        int columns = (int)Math.Min(MostColumns, score.End / column + 1), shown = 0;
        double bar = score.Meters.Count == 0 ? 16 : 16.0 * score.Meters[0].Numerator / score.Meters[0].Denominator;
        var byPitch = score.Notes.Where(note => note.Start / column < MostColumns - 0.5).GroupBy(note => (note.Program, note.Pitch));
        foreach (var row in byPitch.OrderBy(row => row.Key.Program == Note.Drums).ThenByDescending(row => row.Key.Pitch).Take(MostRows))
        {
            var line = new StringBuilder();
            for (int i = 0; i < columns; i++)
                line.Append(Math.Abs(i % bar) < 0.5 ? '|' : '.');
            foreach (Note note in row)
            {
                int start = (int)Math.Round(note.Start / column), end = Math.Min(columns, (int)Math.Round(note.End / column));
                for (int i = start + 1; i < end; i++)
                    line[i] = '=';
                if (start < columns)
                    line[start] = note.Velocity switch { < 50 => 'o', < 90 => 'O', _ => '#' };
            }

            console.WriteLine($"{NameOf(row.Key.Pitch, row.Key.Program),-12} {line}");
            shown++;
        }

        int rows = score.Notes.Select(note => (note.Program, note.Pitch)).Distinct().Count();
        if (score.End / column > MostColumns || rows > shown)
            console.WriteLine($"(the first {columns / (int)Math.Max(1, bar)} bars, {shown} of {rows} pitches; --svg draws it all)");
    }
}

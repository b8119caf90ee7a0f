using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Music.Midi;
using Tessera.Music.Packs;
using Tessera.Music.Tokens;

namespace Tessera.Cli.Music;

/// <summary><c>tessera music show</c>: a piece as a piano roll.</summary>
internal sealed class ShowCommand : CliCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "A MIDI file (.mid) or tokens (.tokens)." };
    private readonly Option<string> _svg = new("--svg", "--plot") { Description = "Draw the piano roll into an SVG file.", HelpName = "FILE.svg" };

    public ShowCommand()
        : base("show", "Show a piece as a piano roll, in the terminal and as SVG.", "tessera music show new.mid --svg new.svg")
    {
        Add(_file);
        Add(_svg);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string file = context.Get(_file);
        string? svg = context.Find(_svg);
        OutputFile.Check(svg, "--svg", ".svg");
        Score score = file.EndsWith(".tokens", StringComparison.OrdinalIgnoreCase) ? Decode(file) : MidiFile.Read(file);
        if (svg is not null)
            OutputFile.WriteText(svg, new PianoRollSvg(Path.GetFileName(file), score).Render());
        int bars = new Tokenizer().EncodeBars(score).Count;
        var result = new ShowResult(
            score.Notes.Count, Figures.Significant(score.SecondsAt(score.End), 4), bars,
            [.. score.Meters.Select(meter => $"{meter.Numerator}/{meter.Denominator}").DefaultIfEmpty("4/4").Distinct()],
            [.. score.Tempos.Select(tempo => Figures.Significant(60e6 / tempo.MicrosecondsPerQuarter, 5)).DefaultIfEmpty(120).Distinct()],
            [.. score.Notes.Select(note => note.Program == Note.Drums ? "drums" : $"{note.Program}").Distinct()],
            score.Notes.Select(note => note.Pitch).DefaultIfEmpty().Min(), score.Notes.Select(note => note.Pitch).DefaultIfEmpty().Max());
        context.Present(result, MusicJson.Default.ShowResult, (console, shown) =>
        {
            new PianoRollText(score).Render(console);
            console.WriteLine($"{Figures.Count(shown.Notes)} notes in {shown.Bars} bars of {string.Join(", ", shown.Meters)}, {Figures.Seconds(shown.Seconds)} at {string.Join(", ", shown.BeatsPerMinute.Take(4))} beats a minute");
            if (svg is not null)
                console.WriteLine($"Drawn into {svg}.");
        });
    }

    private static Score Decode(string file)
    {
        try
        {
            return Tokenizer.Decode(MusicOptions.Words(File.ReadAllText(file)));
        }
        catch (FormatException problem)
        {
            throw new FailureException($"{file}: {problem.Message}", problem);
        }
    }
}

using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Music.Midi;
using Tessera.Music.Packs;
using Tessera.Music.Tokens;
using Tessera.Quantization;
using Tessera.Storage;

namespace Tessera.Cli.Music;

/// <summary><c>tessera music tokenize</c>: MIDI files to style packs.</summary>
internal sealed class TokenizeCommand : CliCommand
{
    private readonly Argument<string> _folder = new("FOLDER") { Description = "A folder of MIDI files: PARENT/*.mid and PARENT/CHILD/*.mid, or any with --styles." };
    private readonly Option<string> _out = MusicOptions.Out("The folder of style packs to write into.", "PACKS");

    private readonly Option<string> _styles = new("--styles")
    {
        Description = "A table with the columns midi_filename and style (PARENT or PARENT/CHILD), such as Groove's info.csv.",
        HelpName = "info.csv",
    };

    private readonly Option<string> _split = new("--split")
    {
        Description = "Take only the rows of the table whose column 'split' says this, such as train or validation.",
        HelpName = "NAME",
    };

    private readonly Option<int> _grid = MusicOptions.Whole("--grid", "Grid steps in a quarter note, a divisor of 480.", 12, 1);

    public TokenizeCommand()
        : base(
            "tokenize",
            "Make style packs of MIDI files.",
            "tessera music tokenize groove --styles groove/info.csv --split train --out packs",
            "tessera music tokenize my-midi --out packs")
    {
        Add(_folder);
        Add(_out);
        Add(_styles);
        Add(_split);
        Add(_grid);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string folder = context.Get(_folder), output = context.Get(_out);
        if (!Directory.Exists(folder))
            throw new FailureException($"{folder}: there is no such folder; give one with MIDI files.");
        string? split = context.Find(_split);
        if (split is not null && context.Find(_styles) is null)
            throw new UsageException("--split needs the table of --styles.");
        IReadOnlyList<StyledFile> files = context.Find(_styles) is { } table ? StyleTable.Read(table, folder, split) : StyleTable.OfFolders(folder);
        if (files.Count == 0)
            throw new FailureException($"{folder}: no MIDI files were found{(split is null ? "" : $" of the split '{split}'")}.");
        var tokenizer = new Tokenizer(new TokenizerOptions { StepsPerQuarter = context.Get(_grid) });
        TokenizeResult result = context.Progress.Run(progress => Write(files, output, tokenizer, progress, cancellationToken));
        foreach (string problem in result.LeftOut)
            context.Warn(problem);
        context.Present(result, MusicJson.Default.TokenizeResult, (console, written) =>
        {
            console.MarkupLineInterpolated($"{Figures.Count(written.Files)} files of {written.Genres} genres: {Figures.Count(written.Bars)} bars, {Figures.Count(written.Tokens)} tokens, in {output}");
            console.WriteLine($"Next: tessera music index --style-packs {output} --out INDEX");
        });
    }

    private static TokenizeResult Write(IReadOnlyList<StyledFile> files, string output, Tokenizer tokenizer, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int bars = 0, done = 0, written = 0;
        long tokens = 0;
        var leftOut = new List<string>();
        var genres = new HashSet<string>();
        foreach (StyledFile file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                string parent = file.Style.Split('/')[0];
                IReadOnlyList<string[]> encoded = tokenizer.EncodeBars(MidiFile.Read(file.Path), parent, file.Section);
                string folder = Path.Combine([output, .. file.Style.Split('/'), StylePacks.References]);
                Directory.CreateDirectory(folder);
                PackWriter.WriteJson(Path.Combine(folder, Path.ChangeExtension(file.Name, ".json").Replace('/', '-')), file.Style, encoded);
                bars += encoded.Count;
                tokens += encoded.Sum(bar => bar.Length);
                written++;
                genres.Add(file.Style);
            }
            catch (Exception problem) when (problem is TesseraFormatException or ArgumentException or FileNotFoundException)
            {
                leftOut.Add(problem is TesseraFormatException ? problem.Message : $"{file.Path}: {FailureText.Of(problem)}");
            }

            progress?.Report(new TrainingProgress("tokenizing", ++done, files.Count));
        }

        return new TokenizeResult(written, bars, tokens, genres.Count, leftOut);
    }
}

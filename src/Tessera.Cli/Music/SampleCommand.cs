using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Music.Evaluation;
using Tessera.Music.Midi;
using Tessera.Music.Models;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;

namespace Tessera.Cli.Music;

/// <summary><c>tessera music sample</c>: generates music, biased by what is retrieved.</summary>
internal sealed class SampleCommand : CliCommand
{
    private readonly Option<string> _model = MusicOptions.Model();
    private readonly Option<string> _index = MusicOptions.Index(required: false);

    private readonly Option<string> _vocabulary = new("--vocab-file")
    {
        Description = "A vocab.json that must be the model's own.",
        HelpName = "vocab.json",
    };

    private readonly Option<string> _prompt = new("--prompt")
    {
        Description = "Tokens to begin with; by default STYLE= of the family and what its first pattern begins with.",
        HelpName = "TOKENS",
    };

    private readonly Option<string> _family = new("--family-index") { Description = "The parent genre to retrieve from.", HelpName = "GENRE" };
    private readonly Option<string> _child = new("--child-genre") { Description = "The child genre to prefer.", HelpName = "GENRE" };
    private readonly Option<float> _bias = MusicOptions.ChildBias();
    private readonly Option<float> _weight = MusicOptions.FusionWeight(0.1f);
    private readonly Option<int> _ngram = MusicOptions.Whole("--ngram-size", "Tokens of context that are looked up; the least that count.", 3, 1);
    private readonly Option<int> _patterns = MusicOptions.Whole("--top-k-patterns", "Similar bars to retrieve at each new bar.", 5, 0);
    private readonly Option<float> _scale = MusicOptions.Between("--temperature-scale", "Flattens what was retrieved, above 1, or sharpens it.", 1, 0.01f, 100);
    private readonly Option<FusionMode> _mode = MusicOptions.Mode();
    private readonly Option<int> _length = MusicOptions.Whole("--max-length", "Tokens at most, the prompt included.", 512, 1);
    private readonly Option<float> _temperature = MusicOptions.Between("--temperature", "Below 1 surer, above 1 bolder; 0 takes the likeliest.", 1, 0, 100);
    private readonly Option<float> _topP = MusicOptions.Between("--top-p", "The likeliest tokens that together have this probability are drawn from.", 0.9f, 0.001f, 1);
    private readonly Option<int> _maxCopy = MusicOptions.Whole("--max-copy", "Tokens that may be copied in a row from any piece of the index, up to 255; 0 for no limit.", 0, 0);
    private readonly Option<string> _outputFile = new("--output-file") { Description = "Write the tokens to this file.", HelpName = "F.tokens" };
    private readonly Option<string> _outputMidi = new("--output-midi") { Description = "Write the music to this MIDI file.", HelpName = "F.mid" };

    public SampleCommand()
        : base(
            "sample",
            "Generate music, biased towards a genre.",
            "tessera music sample --model model --index indices --family-index rock --child-genre halftime --child-bias 0.3 --fusion-weight 0.5 --output-midi new.mid")
    {
        Option[] options =
        [
            _model, _index, _vocabulary, _prompt, _family, _child, _bias, _weight, _ngram, _patterns, _scale, _mode,
            _length, _temperature, _topP, _maxCopy, _outputFile, _outputMidi, CommonOptions.Seed,
        ];
        foreach (Option option in options)
            Add(option);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string? outputFile = context.Find(_outputFile), outputMidi = context.Find(_outputMidi), family = context.Find(_family);
        OutputFile.Check(outputFile, "--output-file");
        OutputFile.Check(outputMidi, "--output-midi");
        if (family is not null && context.Find(_index) is null)
            throw new UsageException("--family-index needs --index DIR to retrieve from.");
        if (context.Find(_child) is not null && family is null)
            throw new UsageException("--child-genre needs its parent: give --family-index.");
        if (context.Get(_maxCopy) > 0 && context.Find(_index) is null)
            throw new UsageException("--max-copy needs --index DIR, whose pieces must not be copied.");
        MusicModel model = MusicModel.Load(context.Get(_model));
        if (context.Find(_vocabulary) is { } file && !Vocabulary.Load(file).Tokens.SequenceEqual(model.Tokens.Vocabulary.Tokens))
            throw new FailureException($"--vocab-file {file}: is not the vocabulary that the model was trained with; it lies beside the model.");
        using HierarchicalStyleIndex? index = context.Find(_index) is { } folder ? HierarchicalStyleIndex.LoadIndices(folder) : null;
        RetrievalFusion? fusion = index is null || family is null ? null : new RetrievalFusion(index, model.Tokens.Vocabulary, Config(context, family, model.Weights));
        CopyGuard? guard = index is null ? null : new CopyGuard(index, model.Tokens.Vocabulary);
        string[] prompt = context.Find(_prompt) is { } given ? MusicOptions.Words(given) : Prompt(model.Tokens.Vocabulary, index, family);
        var options = new SamplingOptions
        {
            MaxLength = context.Get(_length),
            Temperature = context.Get(_temperature),
            TopP = context.Get(_topP),
            Seed = context.Seed,
            MaxCopy = context.Get(_maxCopy),
        };
        string[] tokens = new Sampler(model.Tokens, fusion, guard).Generate(prompt, options, cancellationToken);
        Score score = Tokenizer.Decode(tokens);
        if (outputFile is not null)
            PackWriter.WriteTokens(outputFile, tokens);
        if (outputMidi is not null)
            MidiFile.Write(outputMidi, score);
        CopiedSpan? copied = guard?.Longest(model.Tokens.Vocabulary.Encode(tokens[prompt.Length..]));
        var result = new SampleResult(
            tokens.Length, tokens.Count(token => token == "BAR"), score.Notes.Count, Figures.Significant(score.SecondsAt(score.End), 4),
            copied?.Length, copied?.Source, copied?.Bar, string.Join(' ', tokens));
        context.Present(result, MusicJson.Default.SampleResult, (console, sampled) => Render(console, sampled, score, outputFile, outputMidi));
    }

    private RetrievalConfig Config(CommandContext context, string family, FusionWeights weights) => new()
    {
        FamilyIndex = family,
        ChildGenre = context.Find(_child),
        ChildBias = context.Get(_bias),
        FusionWeight = context.Get(_weight),
        NgramSize = context.Get(_ngram),
        TopKPatterns = context.Get(_patterns),
        TemperatureScale = context.Get(_scale),
        Mode = context.Find(_mode),
        Weights = weights,
    };

    /// <summary>What the family's first pattern says before its notes, or the plainest that the model knows.</summary>
    internal static string[] Prompt(Vocabulary vocabulary, HierarchicalStyleIndex? index, string? family)
    {
        StylePattern? first = null;
        if (index is not null && family is not null)
            first = index.Patterns(family) is [var own, ..] ? own : index.ChildGenres(family).SelectMany(child => index.Patterns(family, child)).FirstOrDefault();
        if (first is not null)
            return [.. first.Tokens.TakeWhile(token => token is not "BAR" && MusicToken.TryParse(token, out MusicToken parsed) && parsed.IsHeader), "BAR"];
        string?[] plain = [Any("STYLE="), "TEMPO=120", "METER=4/4", Any("GRID="), Any("PROGRAM="), "BAR"];
        return [.. plain.OfType<string>()];

        string? Any(string key) => vocabulary.Tokens.LastOrDefault(token => token.StartsWith(key, StringComparison.Ordinal));
    }

    private static void Render(IAnsiConsole console, SampleResult result, Score score, string? outputFile, string? outputMidi)
    {
        new PianoRollText(score).Render(console);
        console.MarkupLineInterpolated($"{Figures.Count(result.Tokens)} tokens, {result.Bars} bars, {Figures.Count(result.Notes)} notes, {Figures.Seconds(result.Seconds)} of music");
        if (result.LongestCopy is { } copy)
            console.MarkupLineInterpolated($"Longest copied span: {copy} tokens{(result.CopySource is null ? "" : $", from bar {result.CopyBar + 1} of {result.CopySource}")}");
        foreach (string written in new[] { outputFile, outputMidi }.OfType<string>())
            console.MarkupLineInterpolated($"Written: {written}");
        if (outputFile is null && outputMidi is null)
            console.WriteLine("Keep it with --output-midi F.mid or --output-file F.tokens.");
    }
}

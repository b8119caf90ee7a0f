using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Music.Models;
using Tessera.Music.Packs;

namespace Tessera.Cli.Music;

/// <summary><c>tessera music train</c>: style packs to a model.</summary>
internal sealed class TrainCommand : CliCommand
{
    private readonly Option<string> _packs = MusicOptions.StylePacks();
    private readonly Option<string> _out = MusicOptions.Out("The folder to write the model into.", "MODEL");
    private readonly Option<int> _order = MusicOptions.Whole("--order", "Tokens of an n-gram, up to 16.", 6, 1);
    private readonly Option<int> _dimension = MusicOptions.Whole("--embedding-dim", "Numbers in the vectors of the learned embedder, 8 to 512.", 64, 8);

    private readonly Option<int> _steps = MusicOptions.Whole("--embedder-steps", "Batches that the embedder learns from; 0 leaves it a random projection.", 1200, 0);

    public TrainCommand()
        : base(
            "train",
            "Learn a model of the style packs: n-grams (interpolated Kneser-Ney), an embedder of bars, and what retrieval weighs.",
            "tessera music train --style-packs packs --out model")
    {
        Add(_packs);
        Add(_out);
        Add(_order);
        Add(_dimension);
        Add(_steps);
        Add(CommonOptions.Seed);
        Add(CommonOptions.Threads);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string output = context.Get(_out);
        if (File.Exists(output))
            throw new FailureException($"--out {output}: is a file; give a folder.");
        long start = Stopwatch.GetTimestamp();
        StylePacks packs = PackFolders.Read(context.Get(_packs), 1.5f, context, cancellationToken);
        var options = new MusicModelOptions { Order = context.Get(_order), EmbeddingDim = context.Get(_dimension), EmbedderSteps = context.Get(_steps), Seed = context.Seed, Threads = context.Threads };
        MusicModel model = context.Progress.Run(progress => MusicModel.Train(packs, options, progress, cancellationToken));
        model.Save(output);
        var pieces = packs.Pieces().ToArray();
        var result = new TrainResult(
            pieces.Length, pieces.Sum(piece => (long)piece.Tokens.Length), model.Tokens.Vocabulary.Count, model.Tokens.Order, model.Tokens.Contexts,
            [.. model.Weights.Values.Select(weight => Figures.Significant(weight, 4))], Figures.Significant(Stopwatch.GetElapsedTime(start).TotalSeconds, 4));
        context.Present(result, MusicJson.Default.TrainResult, (console, trained) =>
        {
            console.MarkupLineInterpolated($"{Figures.Count(trained.Pieces)} pieces, {Figures.Count(trained.Tokens)} tokens of {trained.Vocabulary} kinds, learned in {Figures.Seconds(trained.Seconds)}:");
            console.MarkupLineInterpolated($"{Figures.Count(trained.Contexts)} contexts of up to {trained.Order - 1} tokens, in {output}");
            console.WriteLine($"Next: tessera music sample --model {output} --output-midi new.mid");
        });
    }
}

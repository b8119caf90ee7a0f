using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Music.Evaluation;
using Tessera.Music.Models;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;

namespace Tessera.Cli.Music;

/// <summary><c>tessera music eval</c>: what retrieval does for the model.</summary>
internal sealed class MusicEvalCommand : CliCommand
{
    private readonly Option<string> _model = MusicOptions.Model();
    private readonly Option<string> _index = MusicOptions.Index(required: true);

    private readonly Option<string> _heldOut = new("--held-out")
    {
        Description = "Style packs that neither model nor index has seen, such as those of the split validation.",
        HelpName = "PACKS",
        Required = true,
    };

    private readonly Option<float> _weight = MusicOptions.FusionWeight(0.1f);
    private readonly Option<float> _bias = MusicOptions.Between("--child-bias", "The bias with which children are compared.", 0.3f, 0.01f, 1);
    private readonly Option<int> _samples = MusicOptions.Whole("--samples", "Pieces to generate of each style, with retrieval and without; 0 for none.", 8, 0);
    private readonly Option<float> _generationWeight = MusicOptions.Between("--generation-weight", "The fusion weight with which they are generated.", 0.5f, 0, 1);
    private readonly Option<int> _length = MusicOptions.Whole("--max-length", "Tokens of each of them.", 512, 16);
    private readonly Option<int> _maxCopy = MusicOptions.Whole("--max-copy", "Tokens that they may copy in a row, up to 255; 0 for no limit.", 0, 0);

    public MusicEvalCommand()
        : base(
            "eval",
            "Measure held-out perplexity with and without retrieval, and how well generated music keeps its style.",
            "tessera music eval --model model --index indices --held-out packs-validation",
            "tessera music eval --model model --index indices --held-out packs-validation --max-copy 40 --json")
    {
        Option[] options = [_model, _index, _heldOut, _weight, _bias, _samples, _generationWeight, _length, _maxCopy, CommonOptions.Seed, CommonOptions.Threads];
        foreach (Option option in options)
            Add(option);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        MusicModel model = MusicModel.Load(context.Get(_model));
        using HierarchicalStyleIndex index = HierarchicalStyleIndex.LoadIndices(context.Get(_index));
        StylePacks heldOut = PackFolders.Read(context.Get(_heldOut), 1.5f, context, cancellationToken);
        var config = new RetrievalConfig { FamilyIndex = "any", FusionWeight = context.Get(_weight), ChildBias = context.Get(_bias), Weights = model.Weights };
        MusicEvalResult result = context.Progress.Run(progress =>
        {
            StyleEvaluation Evaluation(float weight) => new(model.Tokens, index, config with { FusionWeight = weight }, context.Threads, progress, cancellationToken);
            StyleEvaluation evaluation = Evaluation(config.FusionWeight);
            IReadOnlyList<StylePerplexity> styles = evaluation.ByStyle(heldOut);
            ChildPerplexity children = evaluation.ByChild(heldOut);
            StyleClassifier? classifier = index.ParentGenres.Count > 1 ? Classifier(index) : null;
            IReadOnlyList<GenerationFigures> generated = [];
            if (context.Get(_samples) > 0 && classifier is not null)
            {
                var options = new SamplingOptions { MaxLength = context.Get(_length), Seed = context.Seed, MaxCopy = context.Get(_maxCopy) };
                generated = Evaluation(context.Get(_generationWeight)).ByGeneration(classifier, style => SampleCommand.Prompt(model.Tokens.Vocabulary, index, style), context.Get(_samples), options);
            }

            return Result(styles, children, Accuracy(classifier, heldOut), generated, context);
        });
        context.Present(result, MusicJson.Default.MusicEvalResult, Render);
    }

    private MusicEvalResult Result(IReadOnlyList<StylePerplexity> styles, ChildPerplexity children, double? accuracy, IReadOnlyList<GenerationFigures> generated, CommandContext context) => new(
        [.. styles.Append(StylePerplexity.Total(styles)).Select(StyleRow.Of)],
        children.Pieces,
        children.Pieces == 0 ? null : Figures.Significant(children.Parent.Value, 5),
        children.Pieces == 0 ? null : Figures.Significant(children.Right.Value, 5),
        children.Pieces == 0 ? null : Figures.Significant(children.Wrong.Value, 5),
        accuracy is { } share ? Figures.Significant(share, 3) : null,
        [.. generated.Select(row => new GenerationRow(row.Style, row.Samples, row.Named, row.NamedWithout, row.Copied.Length, row.Copied.Source, row.CopiedWithout.Length))],
        generated.Sum(row => row.Samples), generated.Sum(row => row.Named), generated.Sum(row => row.NamedWithout),
        Figures.Significant(context.Get(_weight), 4), Figures.Significant(context.Get(_generationWeight), 4));

    /// <summary>A classifier of the parents that have a few pieces at least.</summary>
    private static StyleClassifier Classifier(HierarchicalStyleIndex index)
    {
        var pieces = new StylePacks([.. index.ParentGenres.SelectMany(parent => index.ChildGenres(parent).Cast<string?>().Prepend(null).SelectMany(child => index.Patterns(parent, child)))], []).Pieces();
        return StyleClassifier.Train(pieces.Select(piece => (piece.Parent, (IReadOnlyList<string>)piece.Tokens)));
    }

    private static double? Accuracy(StyleClassifier? classifier, StylePacks heldOut)
    {
        if (classifier is null)
            return null;
        var pieces = heldOut.Pieces().ToArray();
        return (double)pieces.Count(piece => classifier.Classify(piece.Tokens) == piece.Parent) / pieces.Length;
    }

    private static void Render(IAnsiConsole console, MusicEvalResult result)
    {
        Table perplexity = FigureTable.Columns("style", "tokens", "model alone", "with retrieval", "", "packs only", "reference's fusion");
        foreach (StyleRow row in result.Perplexity)
        {
            perplexity.AddRow(
                Markup.Escape(row.Style), Figures.Count(row.Tokens), Figures.Fixed(row.Alone, 3), Figures.Fixed(row.WithRetrieval, 3),
                $"{100 * (row.WithRetrieval / row.Alone - 1):+0.0;-0.0} %", Figures.Fixed(row.PacksOnly, 3), Figures.Fixed(row.Reference, 3));
        }

        console.WriteLine("Held-out perplexity, retrieving from each piece's parent genre and the piece's own past:");
        console.Write(perplexity);
        if (result.RightChild is { } right && result.WrongChild is { } wrong && result.ParentAlone is { } parent)
        {
            console.WriteLine($"{result.ChildPieces} pieces of child genres: {Figures.Fixed(right, 4)} with the bias of their own child,");
            console.WriteLine($"{Figures.Fixed(wrong, 4)} with another's, {Figures.Fixed(parent, 4)} with the parent's alone");
        }


        if (result.Generation.Count == 0)
            return;
        Table generation = FigureTable.Columns("style", "samples", "named with retrieval", "without", "longest copy", "without");
        foreach (GenerationRow row in result.Generation)
            generation.AddRow(Markup.Escape(row.Style), $"{row.Samples}", $"{row.Named}", $"{row.NamedWithout}", $"{row.LongestCopy}", $"{row.LongestCopyWithout}");
        console.WriteLine();
        console.WriteLine($"Generated with fusion weight {result.GenerationWeight}; the classifier names {100 * result.ClassifierAccuracy:0} % of the held-out pieces:");
        console.Write(generation);
        console.WriteLine($"The style asked for is named in {result.Named} of {result.Samples} samples with retrieval, in {result.NamedWithout} without.");
    }
}

using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Music.Models;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;

namespace Tessera.Cli.Music;

/// <summary><c>tessera music index</c>: style packs to a hierarchical index.</summary>
internal sealed class MusicIndexCommand : CliCommand
{
    private readonly Option<string> _packs = MusicOptions.StylePacks();
    private readonly Option<string> _out = MusicOptions.Out("The folder to write the index into.", "DIR");
    private readonly Option<int> _dimension = MusicOptions.Whole("--embedding-dim", "Numbers in each embedding; a learned one has its own.", 512, 64);
    private readonly Option<float> _childWeight = MusicOptions.Between("--child-weight", "What scores of children's patterns are multiplied by.", 1.5f, 0.01f, 100);

    private readonly Option<string> _embedding = new Option<string>("--embedding")
    {
        Description = "How bars become vectors: profile (what is played where), reference (hashes of tokens) or learned (of --model).",
        DefaultValueFactory = _ => "profile",
        HelpName = "HOW",
    }.AcceptOnlyFromAmong("profile", "reference", "learned");

    private readonly Option<string> _model = new("--model")
    {
        Description = "The folder of the model whose embedder --embedding learned takes.",
        HelpName = "MODEL",
    };

    public MusicIndexCommand()
        : base(
            "index",
            "Index style packs for retrieval: every parent genre and its children.",
            "tessera music index --style-packs packs --out indices --embedding-dim 512 --child-weight 1.5",
            "tessera music index --style-packs packs --out indices --embedding learned --model model")
    {
        Add(_packs);
        Add(_out);
        Add(_dimension);
        Add(_childWeight);
        Add(_embedding);
        Add(_model);
        Add(CommonOptions.Seed);
        Add(CommonOptions.Threads);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string output = context.Get(_out);
        if (File.Exists(output))
            throw new FailureException($"--out {output}: is a file; give a folder.");
        var options = new StyleIndexOptions
        {
            EmbeddingDim = context.Get(_dimension),
            ChildWeight = context.Get(_childWeight),
            Embedder = Embedder(context),
            Seed = context.Seed,
            Threads = context.Threads,
        };
        long start = Stopwatch.GetTimestamp();
        StylePacks packs = PackFolders.Read(context.Get(_packs), options.ChildWeight, context, cancellationToken);
        using HierarchicalStyleIndex index = context.Progress.Run(progress => HierarchicalStyleIndex.Build(packs, options, progress, cancellationToken));
        index.SaveIndices(output);
        var genres = index.ParentGenres.SelectMany(parent => index.ChildGenres(parent).Cast<string?>().Prepend(null).Select(child => new GenreCount(parent, child, index.Patterns(parent, child).Count)));
        var result = new MusicIndexResult(
            index.Count, [.. genres], index.Embedder.Name, index.Embedder.Dimension,
            Figures.Significant(Stopwatch.GetElapsedTime(start).TotalSeconds, 4), [.. packs.Problems.Select(problem => problem.ToString())]);
        context.Present(result, MusicJson.Default.MusicIndexResult, (console, built) => Render(console, built, output));
    }

    private IPatternEmbedder? Embedder(CommandContext context)
    {
        switch (context.Get(_embedding))
        {
            case "reference":
                return new ReferenceEmbedder(context.Get(_dimension));
            case "learned":
                string model = context.Find(_model) ?? throw new UsageException("--embedding learned needs --model MODEL, which 'music train' writes.");
                return LearnedEmbedder.Load(Path.Combine(model, MusicModel.EmbedderFile));
            default:
                return null;
        }
    }

    private static void Render(IAnsiConsole console, MusicIndexResult built, string output)
    {
        var tree = new Tree(new Markup($"{Figures.Count(built.Patterns)} patterns, embedded by {built.Embedding} in {built.Dimension} numbers"));
        foreach (var parent in built.Genres.GroupBy(genre => genre.Parent))
        {
            TreeNode node = tree.AddNode(new Markup($"[bold]{Markup.Escape(parent.Key)}[/] {Figures.Count(parent.First().Patterns)}"));
            foreach (GenreCount child in parent.Skip(1))
                node.AddNode(new Markup($"{Markup.Escape(child.Child!)} {Figures.Count(child.Patterns)}"));
        }

        console.Write(tree);
        console.MarkupLineInterpolated($"Read, indexed and saved in {Figures.Seconds(built.Seconds)}: {output}");
        console.WriteLine($"Next: tessera music retrieve --index {output} --query \"TOKENS\" --parent {built.Genres[0].Parent}");
    }
}

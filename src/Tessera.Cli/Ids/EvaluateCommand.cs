using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.SemanticIds;
using Tessera.SemanticIds.Quality;
using Tessera.Vectors;

namespace Tessera.Cli.Ids;

/// <summary><c>tessera ids evaluate</c>: how good the ids of items are.</summary>
internal sealed class EvaluateCommand : CliCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "The folder of a model." };

    private readonly Argument<string> _items = new("VECTORS") { Description = ItemsInput.Description };

    private readonly Option<int> _nextBest = new Option<int>("--next-best")
    {
        Description = "How many next-best codes of the last level an item tries whose own are taken, before all is measured.",
        DefaultValueFactory = _ => 0,
    }.AtLeast(0);

    private readonly Option<int> _k = new Option<int>("-k") { Description = "Neighbours of recall and NDCG.", DefaultValueFactory = _ => 10 }.AtLeast(1);

    private readonly Option<int> _queries = new Option<int>("--queries") { Description = "Items whose neighbours are looked for, drawn at random.", DefaultValueFactory = _ => 1000 }.AtLeast(1);

    private readonly Option<bool> _cosine = new("--cosine") { Description = "True neighbours are those by cosine instead of L2." };

    public EvaluateCommand()
        : base("evaluate", "Measure ids: collisions, use of the codes, error, neighbours.", "tessera ids evaluate ids-model base.npy")
    {
        Add(_model);
        Add(_items);
        foreach (Option option in (Option[])[_k, _nextBest, _queries, _cosine, CommonOptions.Seed, CommonOptions.Threads])
            Add(option);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string model = context.Get(_model);
        SemanticEncoder encoder = SemanticEncoder.Load(model);
        ItemsInput input = ItemsInput.For(model, context.Get(_items), context.Threads, cancellationToken);
        EncodeCommand.CheckDimension(input, encoder, context.Get(_items));
        var options = new QualityOptions
        {
            K = context.Get(_k),
            Queries = context.Get(_queries),
            Metric = context.Get(_cosine) ? Metric.Cosine : Metric.L2,
            Seed = context.Seed,
        };
        QualityResult result = QualityResult.Of(SemanticIdQuality.Measure(encoder, input.Vectors, options, context.Get(_nextBest), context.Threads, cancellationToken));
        context.Present(result, IdsJson.Default.QualityResult, Render);
    }

    private static void Render(IAnsiConsole console, QualityResult result)
    {
        Table table = FigureTable.Pairs();
        table.AddRow("items", Figures.Count(result.Items));
        table.AddRow("collisions", $"{Percent(result.CollisionRate)} need a suffix, {Percent(result.CollidingShare)} share their codes");
        table.AddRow("entropy", $"{Figures.Fixed(result.Entropy, 2)} of {Figures.Fixed(Math.Log2(result.Items), 2)} bits");
        table.AddRow("perplexity by level", string.Join(" / ", result.Perplexity.Select(value => Figures.Fixed(value, 1))));
        table.AddRow("codes used by level", string.Join(" / ", result.Utilisation.Select(Percent)));
        table.AddRow("largest code by level", string.Join(" / ", result.Largest.Select(size => Figures.Count(size))));
        table.AddRow("error", $"{result.Error.ToString("G5", CultureInfo.InvariantCulture)}, {Percent(result.RelativeError)} of the spread");
        table.AddRow($"recall@{result.K} by prefix", Figures.Fixed(result.Recall, 4));
        table.AddRow($"NDCG@{result.K} by prefix", Figures.Fixed(result.Ndcg, 4));
        table.AddRow("Spearman of distances", Figures.Fixed(result.Spearman, 4));
        console.Write(table);
    }

    private static string Percent(double share) => share.ToString("0.0#%", CultureInfo.InvariantCulture);
}

using System.CommandLine;
using Spectre.Console;
using Tessera.Attention;
using Tessera.Attention.Configuration;
using Tessera.Attention.Llama;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Quantization;

namespace Tessera.Cli.Kv;

/// <summary><c>tessera kv eval</c>: a model's predictions with each way of attention, against dense attention.</summary>
internal sealed class KvEvalCommand : CliCommand
{
    private readonly Option<string> _model = new("--model")
    {
        Description = "A Llama model in the format of llama2.c, version 0 (float32).",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string> _tokenizer = new("--tokenizer")
    {
        Description = "Its tokenizer, in the format of llama2.c.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string> _text = new("--text")
    {
        Description = "Texts, with an empty line or <|endoftext|> between them; without it the model writes 50 of its own.",
        HelpName = "FILE",
    };

    private readonly Option<double[]> _budget = KvOptions.Budget();

    private readonly Option<int> _window = new Option<int>("--window")
    {
        Description = "Latest tokens that are always attended to.",
        DefaultValueFactory = _ => 4,
    }.AtLeast(0);

    private readonly Option<int> _branching = new Option<int>("--branching")
    {
        Description = "Keys of a cluster, on average.",
        DefaultValueFactory = _ => 8,
    }.AtLeast(2);

    public KvEvalCommand()
        : base(
            "eval",
            "Compare a model's predictions through the index with those of dense attention.",
            "tessera kv eval --model stories260K.bin --tokenizer tok512.bin",
            "tessera kv eval --model stories260K.bin --tokenizer tok512.bin --text stories.txt --budget 0.1,0.2 --json")
    {
        Add(_model);
        Add(_tokenizer);
        Add(_text);
        Add(_budget);
        Add(_window);
        Add(_branching);
        Add(CommonOptions.Seed);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        LlamaModel model = LlamaModel.Load(context.Get(_model));
        LlamaTokenizer tokenizer = LlamaTokenizer.Load(context.Get(_tokenizer));
        if (tokenizer.Vocabulary != model.Shape.Vocabulary)
            throw new FailureException($"{context.Get(_tokenizer)}: {tokenizer.Vocabulary} tokens, but the model has {model.Shape.Vocabulary}; give the tokenizer that it was trained with.");
        KvEvalResult result = context.Progress.Run(progress =>
        {
            IReadOnlyList<IReadOnlyList<int>> texts = context.Find(_text) is { } path
                ? Texts.Read(path, tokenizer)
                : Texts.Write(model, 50, context.Seed, cancellationToken);
            return Measure(context, model, texts, progress, cancellationToken);
        });
        context.Present(result, CliJson.Default.KvEvalResult, Render);
    }

    private KvEvalResult Measure(CommandContext context, LlamaModel model, IReadOnlyList<IReadOnlyList<int>> texts, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var evaluation = new LlamaEvaluation(model, texts);
        int branching = context.Get(_branching), parts = Enumerable.Range(1, 8).Last(parts => model.Shape.HeadDimension % parts == 0);
        var options = new HiraCacheOptions { Window = context.Get(_window), Sinks = 1, SegmentSize = 512, InsertBatch = 8, Seed = context.Seed };
        var kmeans = new KMeansIndexConfig { BranchingFactor = branching, UpdateInterval = 4 };
        var incremental = new IncrementalIndexConfig { BranchingFactor = branching };
        var quantization = new ProductQuantizationIndexConfig { BranchingFactor = branching, NumSubquantizers = parts, BitsPerSubquantizer = 4, MaxIterations = 20 };
        var ways = new List<(string Name, double? Budget, IndexConfig Config, AttendOptions Attend)>
        {
            ("dense", null, kmeans, AttendOptions.Dense),
            ("certified", null, kmeans, new AttendOptions { Mode = AttentionMode.Certified }),
        };
        foreach (double share in context.Get(_budget))
        {
            int keys = Texts.KeysFor(texts, model.Shape.Context, share);
            var budgeted = new AttendOptions { Mode = AttentionMode.Budgeted, Keys = keys };
            ways.Add(("budgeted", share, kmeans, budgeted));
            ways.Add(("incremental", share, incremental, budgeted));
            // Clusters and keys are chosen in whole bins, twice, which leaves about a sixth of the budget unused: the column of what was scored says how much.
            int most = Texts.KeysFor(texts, model.Shape.Context, Math.Min(1, 1.17 * share));
            ways.Add(("quantized", share, quantization, new AttendOptions { Mode = AttentionMode.Quantized, Keys = most, Rerank = 0.12 }));
            ways.Add(("topk", share, kmeans, budgeted with { TailEstimate = false }));
        }

        var rows = new List<KvEvalRow>();
        LlamaScore? score = null;
        foreach ((string name, double? budget, IndexConfig config, AttendOptions attend) in ways)
        {
            progress?.Report(new TrainingProgress("ways of attention", rows.Count, ways.Count));
            score = evaluation.Measure(config, options, attend, cancellationToken);
            rows.Add(new KvEvalRow(
                name, budget, Math.Round(score.Perplexity, 5), Figures.Significant(score.Divergence, 4), Math.Round(score.Agreement, 5), Math.Round(score.CandidateShare, 4)));
        }

        return new KvEvalResult(context.Get(_model), texts.Count, score?.Tokens ?? 0, rows);
    }

    private static void Render(IAnsiConsole console, KvEvalResult result)
    {
        console.MarkupLineInterpolated($"{result.Texts} texts, {Figures.Count(result.Tokens)} predictions");
        var table = FigureTable.Columns("attention", "budget", "keys and means scored", "perplexity", "against dense", "KL (nats)", "same token");
        double dense = result.Rows[0].Perplexity;
        foreach (KvEvalRow row in result.Rows)
        {
            table.AddRow(
                row.Mode,
                row.Budget is { } budget ? Figures.Fixed(100 * budget, 0) + "%" : "",
                Figures.Fixed(100 * row.CandidateShare, 1) + "%",
                Figures.Fixed(row.Perplexity, 4),
                Figures.Fixed(100 * (row.Perplexity / dense - 1), 2) + "%",
                Figures.Fixed(row.Kl, 4),
                Figures.Fixed(100 * row.Agreement, 1) + "%");
        }

        console.Write(table);
    }
}

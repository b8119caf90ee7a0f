using System.CommandLine;
using System.CommandLine.Parsing;
using Tessera.Cli.Hosting;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Cli.Index;

/// <summary>The arguments and options that <c>index eval</c> and <c>index tune</c> have in common, and what they load.</summary>
internal sealed class EvaluationInputs
{
    private readonly Argument<string> _index;
    private readonly Option<string> _queries = IndexOptions.Queries();

    private readonly Option<string> _truth = new("--truth")
    {
        Description = "The true nearest ids of each query, as .ivecs; rows may be longer than k.",
        HelpName = "IDS",
    };

    private readonly Option<string> _base = new("--base")
    {
        Description = "The vectors of the index; the true nearest ids are found by comparing each with every query.",
        HelpName = "VECTORS",
    };

    private readonly Option<int> _k = IndexOptions.K("Neighbours of each query; recall is the share of the true k among the k found.");

    private readonly Option<int> _batch = new Option<int>("--batch")
    {
        Description = "Queries in one call, 1 for single queries; 0 takes the throughput from one batch of all and the latencies from single queries.",
        DefaultValueFactory = _ => 0,
    }.AtLeast(0);

    private readonly Option<int> _passes = new Option<int>("--passes")
    {
        Description = "Timed passes over all queries, of which the median counts.",
        DefaultValueFactory = _ => 5,
    }.AtLeast(1);

    private readonly Option<int> _rerank = IndexOptions.Rerank();

    public EvaluationInputs(Argument<string>? index = null) => _index = index ?? IndexOptions.Index();

    /// <param name="command">The command.</param>
    /// <param name="needsTruth">Whether a line needs the truth; by default each does.</param>
    public void AddTo(Command command, Func<CommandResult, bool>? needsTruth = null)
    {
        command.Add(_index);
        command.Add(_queries);
        command.Add(_truth);
        command.Add(_base);
        command.Add(_k);
        command.Add(_batch);
        command.Add(_passes);
        command.Add(_rerank);
        command.Add(CommonOptions.Threads);
        command.Validators.Add(result =>
        {
            if (needsTruth?.Invoke(result) == false)
                return;
            if ((result.GetResult(_truth) is null) == (result.GetResult(_base) is null))
                result.AddError("Give either --truth IDS or --base VECTORS: recall is measured against one of them.");
        });
    }

    public VectorIndex OpenIndex(CommandContext context) => InputFiles.OpenIndex(context.Get(_index));

    public Matrix ReadQueries(CommandContext context, VectorIndex index, CancellationToken cancellationToken) =>
        InputFiles.ReadQueries(context.Get(_queries), context.Get(_k), index, cancellationToken);

    public GroundTruth ReadTruth(CommandContext context, VectorIndex index, Matrix queries, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int k = context.Get(_k);
        if (context.Find(_truth) is { } file)
            return InputFiles.ReadTruth(file, k, queries.Rows);

        using var vectors = VectorFile.Open(context.Get(_base));
        InputFiles.CheckDimension(vectors, index);
        if (vectors.Rows != index.Count)
            throw new FailureException($"{vectors.Path}: holds {vectors.Rows} vectors, the index {index.Count}; give the file that the index was built from.");
        return GroundTruth.Compute(
            vectors.Blocks(cancellationToken), queries, k, index.Metric, context.Threads,
            progress is null ? null : new ExactSearchProgress(progress, vectors.Rows), cancellationToken);
    }

    /// <summary>Queries of whatever dimension.</summary>
    public Matrix ReadQueries(CommandContext context, CancellationToken cancellationToken) => VectorFile.Read(context.Get(_queries), cancellationToken);

    /// <summary>Whether the truth is given, in one way or the other.</summary>
    public bool HasTruth(CommandContext context) => context.IsGiven(_truth) || context.IsGiven(_base);

    public EvaluationOptions Options(CommandContext context) => new()
    {
        K = context.Get(_k),
        Batch = context.Get(_batch),
        Passes = context.Get(_passes),
        Search = new SearchOptions { RerankFactor = context.Get(_rerank), Threads = context.Threads },
    };

    private sealed class ExactSearchProgress(IProgress<TrainingProgress> progress, long total) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new TrainingProgress("exact neighbours", value, total));
    }
}

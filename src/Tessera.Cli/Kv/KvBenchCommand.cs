using System.CommandLine;
using Spectre.Console;
using Tessera.Attention;
using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Attention.Traces;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Cli.Kv;

/// <summary><c>tessera kv bench</c>: time and error of attention through the index, against dense attention and other ways of choosing keys.</summary>
internal sealed class KvBenchCommand : CliCommand
{
    private readonly Option<int[]> _tokens = new("--tokens")
    {
        Description = "Lengths of the cache, with commas between (default 4096,16384,65536).",
        HelpName = "LIST",
        DefaultValueFactory = _ => [4096, 16384, 65536],
        CustomParser = Number.ParseList,
    };

    private readonly Option<int> _keyHeads = Count("--kv-heads", "Key heads.", 8);
    private readonly Option<int> _queryHeads = Count("--query-heads", "Query heads, a multiple of the key heads.", 32);
    private readonly Option<int> _dimension = Count("--dim", "Numbers of a head.", 128);
    private readonly Option<int> _queries = Count("--queries", "Queries of each head.", 4);
    private readonly Option<int> _rounds = Count("--rounds", "Times that each query is timed.", 5);
    private readonly Option<int> _updates = Count("--updates", "Tokens that are added one by one to measure updates.", 8192);
    private readonly Option<int> _branching = Count("--branching", "Keys of a cluster, on average.", 32);
    private readonly Option<int> _iterations = Count("--iterations", "Most iterations of k-means.", 10);
    private readonly Option<double[]> _budget = KvOptions.Budget();

    private readonly Option<string> _trace = new("--trace")
    {
        Description = "A recorded layer (.npy) in place of a made-up one: a row for each token, the keys of all key heads, their values, and the queries of all query heads.",
        HelpName = "FILE.npy",
    };

    private readonly Option<TraceKind> _kind = new("--kind")
    {
        Description = "What a made-up trace looks like: structured, uniform, needle or aggregation.",
        DefaultValueFactory = _ => TraceKind.Structured,
    };

    private readonly Option<string> _index = new("--index")
    {
        Description = "The kind of index: kmeans, incremental or pq.",
        DefaultValueFactory = _ => "kmeans",
    };

    private readonly Option<KeyFormat> _format = new("--format")
    {
        Description = "How keys and values are kept: f32, f16 or bf16.",
        DefaultValueFactory = _ => KeyFormat.F32,
    };

    private readonly Option<string> _plot = new("--plot")
    {
        Description = "Draw error against time into an SVG file, for the longest cache, of the index and of other ways to choose keys.",
        HelpName = "FILE.svg",
    };

    private readonly Option<int> _threads = new Option<int>("--threads")
    {
        Description = "Threads; 0 uses every processor.",
        DefaultValueFactory = _ => 1,
    }.AtLeast(0);

    public KvBenchCommand()
        : base(
            "bench",
            "Measure attention through the index: time, error, and what it takes to keep the index.",
            "tessera kv bench --tokens 4096,65536 --budget 0.05,0.1",
            "tessera kv bench --trace layer12.npy --kv-heads 8 --query-heads 32 --dim 128 --plot kv.svg")
    {
        Option[] all = [_tokens, _keyHeads, _queryHeads, _dimension, _queries, _rounds, _updates, _branching, _iterations, _budget, _trace, _kind, _index, _format, _plot, _threads, CommonOptions.Seed];
        foreach (Option option in all)
            Add(option);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string? plot = context.Find(_plot);
        OutputFile.Check(plot, "--plot", ".svg");
        if (context.Get(_queryHeads) % context.Get(_keyHeads) != 0)
            throw new UsageException($"--query-heads is {context.Get(_queryHeads)}, which is no multiple of --kv-heads, {context.Get(_keyHeads)}.");
        IndexConfig config = Config(context);
        var options = new HiraCacheOptions { Threads = context.Get(_threads), Format = context.Get(_format), Seed = context.Seed };
        KvBenchResult result = context.Progress.Run(progress => Measure(context, config, options, progress, cancellationToken));
        if (plot is not null)
            OutputFile.WriteText(plot, KvPlot.Draw(result));
        context.Present(result, CliJson.Default.KvBenchResult, (console, shown) => Render(console, shown, plot));
    }

    private static Option<int> Count(string name, string description, int value) => new Option<int>(name)
    {
        Description = description,
        DefaultValueFactory = _ => value,
    }.AtLeast(1);

    private IndexConfig Config(CommandContext context)
    {
        int branching = context.Get(_branching), iterations = context.Get(_iterations);
        return context.Get(_index).ToUpperInvariant() switch
        {
            "KMEANS" => new KMeansIndexConfig { BranchingFactor = branching, MaxIterations = iterations },
            "INCREMENTAL" => new IncrementalIndexConfig { BranchingFactor = branching, MaxIterations = iterations },
            "PQ" => new ProductQuantizationIndexConfig { BranchingFactor = branching, MaxIterations = iterations },
            string other => throw new UsageException($"--index is '{other}'; give kmeans, incremental or pq."),
        };
    }

    private KvBenchResult Measure(CommandContext context, IndexConfig config, HiraCacheOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        string? recorded = context.Find(_trace);
        KvTrace? given = recorded is null ? null : Recorded(recorded, context, cancellationToken);
        int[] lengths = given is null ? context.Get(_tokens) : [given.Tokens];
        var measured = new List<KvBenchLength>();
        var rows = new List<KvBenchRow>();
        foreach (int tokens in lengths)
        {
            progress?.Report(new TrainingProgress("lengths", measured.Count, lengths.Length));
            KvTrace trace = given ?? KvTrace.Create(TraceOptions(context, tokens), cancellationToken);
            (KvBenchLength length, IReadOnlyList<KvBenchRow> found) =
                new KvMeasure(trace, options, config, context.Get(_rounds), cancellationToken).Run(context.Get(_budget), context.Get(_updates));
            measured.Add(length);
            rows.AddRange(found);
        }

        int[] faster = [.. rows.Where(row => row is { Method: "budgeted" or "mass 0.9", Error: <= 0.01, Speedup: > 1 }).Select(row => row.Tokens)];
        return new KvBenchResult(
            recorded ?? context.Get(_kind).ToString().ToUpperInvariant(), context.Get(_keyHeads), context.Get(_queryHeads), context.Get(_dimension),
            options.Threads, faster.Length == 0 ? null : faster.Min(), measured, rows);
    }

    private KvTraceOptions TraceOptions(CommandContext context, int tokens) => new()
    {
        Tokens = tokens,
        Kind = context.Get(_kind),
        KeyHeads = context.Get(_keyHeads),
        QueryHeads = context.Get(_queryHeads),
        Dimension = context.Get(_dimension),
        Queries = context.Get(_queries),
        Seed = context.Seed,
    };

    private KvTrace Recorded(string path, CommandContext context, CancellationToken cancellationToken)
    {
        Matrix rows = VectorFile.Read(path, cancellationToken);
        int keyHeads = context.Get(_keyHeads), queryHeads = context.Get(_queryHeads), dimension = context.Get(_dimension);
        int width = (2 * keyHeads + queryHeads) * dimension, queries = context.Get(_queries);
        if (rows.Dimension != width || rows.Rows < 64 || rows.Rows <= queries)
            throw new FailureException($"{path}: {rows.Rows} rows of {rows.Dimension} numbers; a trace of {keyHeads} key heads and {queryHeads} query heads of dimension {dimension} has at least 64 rows of {width}.");
        Matrix Part(int part, int first, int count)
        {
            var numbers = new float[count * dimension];
            for (int i = 0; i < count; i++)
                rows[first + i].Slice(part * dimension, dimension).CopyTo(numbers.AsSpan(i * dimension));
            return new Matrix(numbers, dimension);
        }

        return new KvTrace(
            [.. Enumerable.Range(0, keyHeads).Select(head => Part(head, 0, rows.Rows))],
            [.. Enumerable.Range(keyHeads, keyHeads).Select(head => Part(head, 0, rows.Rows))],
            [.. Enumerable.Range(2 * keyHeads, queryHeads).Select(head => Part(head, rows.Rows - queries, queries))]);
    }

    private static void Render(IAnsiConsole console, KvBenchResult result, string? plot)
    {
        var lengths = FigureTable.Columns("tokens", "build", "update ms", "dense ms", "dense GB/s", "of reading", "memory");
        foreach (KvBenchLength length in result.Lengths)
        {
            lengths.AddRow(
                Figures.Count(length.Tokens), Figures.Seconds(length.BuildSeconds), Figures.Fixed(length.UpdateMs, 3), Figures.Fixed(length.DenseMs, 2),
                Figures.Fixed(length.DenseGBs, 1), Figures.Fixed(100 * length.DenseGBs / length.ReadGBs, 0) + "%", Figures.Bytes(length.MemoryBytes));
        }

        console.Write(lengths);
        var table = FigureTable.Columns("tokens", "attention", "budget", "ms", "faster", "scored", "mass", "error", "p99", "worst head");
        foreach (KvBenchRow row in result.Rows)
        {
            table.AddRow(
                Figures.Count(row.Tokens), row.Method, row.Budget is { } budget ? $"{100 * budget:0.#}%" : "",
                row.AttendMs is { } ms ? Figures.Fixed(ms, 2) : "", row.Speedup is { } speedup ? Figures.Fixed(speedup, 1) : "",
                Figures.Fixed(100 * row.CandidateShare, 1) + "%", Figures.Fixed(100 * row.MassRecall, 1) + "%",
                Figures.Fixed(row.Error, 4), Figures.Fixed(row.P99Error, 4), Figures.Fixed(row.WorstHeadError, 4));
        }

        console.Write(table);
        if (result.Threads == 1)
            console.WriteLine("pages: with scoring the bounds and choosing, without making the bounds. oracle: without choosing. window, pages, oracle: laid out and computed as the index does.");
        console.MarkupLineInterpolated($"{(result.Crossover is { } tokens ? $"Faster than dense at an error of at most 0.01 from {tokens:N0} tokens on, of the lengths measured." : "No budget was faster than dense at an error of at most 0.01.")}");
        if (plot is not null)
            console.MarkupLineInterpolated($"Plot written to {plot}.");
    }
}

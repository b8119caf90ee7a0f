using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Indexes;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index search</c>.</summary>
internal sealed class SearchCommand : CliCommand
{
    // More answers than these nobody reads from a screen; --results asks for them all.
    private const int FewAnswers = 200;

    private const int WarmUpQueries = 64;

    private readonly Argument<string> _index = IndexOptions.Index();
    private readonly Option<bool> _noVerify = IndexOptions.NoVerify();
    private readonly Option<string> _queries = IndexOptions.Queries();
    private readonly Option<int> _k = IndexOptions.K("Neighbours of each query.");

    private readonly KnobOptions<int?> _knob = new(
        new Option<int?>("--probes") { Description = "Lists that a search of an inverted file visits; by default the index's own setting." }.AtLeast(1),
        new Option<int?>("--ef") { Description = "Length of the beam of a search of a graph (HNSW); by default the index's own setting." }.AtLeast(1),
        new Option<int?>("--beam") { Description = "Leaves that a search of a tree visits; by default the index's own setting." }.AtLeast(1));

    private readonly Option<bool> _exact = new("--exact")
    {
        Description = "Search on until the answers are proved to be the nearest (a tree; Flat always does).",
    };

    private readonly Option<int> _rerank = IndexOptions.Rerank();
    private readonly FilterOptions _filter = new();

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "Write the ids found as .ivecs, a row of k for each query (-1 where fewer were found).",
        HelpName = "IDS",
    };

    private readonly Option<bool> _results = new("--results")
    {
        Description = $"Print all answers, however many; without it only up to {FewAnswers}.",
    };

    public SearchCommand()
        : base(
            "search",
            "Find the nearest vectors to queries.",
            "tessera index search base.tsr --queries queries.npy -k 10 --probes 8",
            "tessera index search exact.tsr --queries queries.npy -k 100 --out truth.ivecs --json",
            "tessera index search base.tsr --queries queries.npy --only-ids mine.txt")
    {
        Add(_index);
        Add(_queries);
        Add(_k);
        _knob.AddTo(this);
        Add(_exact);
        Add(_rerank);
        _filter.AddTo(this);
        Add(_out);
        Add(_results);
        Add(_noVerify);
        Add(CommonOptions.Threads);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string? output = context.Find(_out);
        OutputFile.Check(output, "--out", ".ivecs");
        using var index = InputFiles.OpenIndex(context.Get(_index), verify: !context.Find(_noVerify));
        int k = context.Get(_k);
        int? setting = _knob.Find(context, index);
        if (setting is { } given)
            InputFiles.CheckSetting(given, index);
        var queries = InputFiles.ReadQueries(context.Get(_queries), k, index, cancellationToken);

        var options = new SearchOptions { RerankFactor = context.Get(_rerank), Threads = context.Threads, Filter = _filter.Find(context), Exact = context.Find(_exact) };
        if (options.Exact && !index.CanProve)
            throw new UsageException($"--exact: a search of {index.Specification} cannot prove its answers; leave it out, or build Flat or a tree.");
        options = index.Knob switch
        {
            SearchKnob.EfSearch => options with { EfSearch = setting ?? 0 },
            SearchKnob.Beam => options with { Beam = setting ?? 0 },
            _ => options with { Probes = setting ?? 0 },
        };
        var found = new Neighbor[queries.Rows * k];
        // The rate is the index's, not that of compiling its code: the first queries run once before the clock does.
        int first = Math.Min(queries.Rows, WarmUpQueries);
        index.Search(queries.Slice(0, first), k, found.AsMemory(0, first * k), options, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        index.Search(queries, k, found, options, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        if (output is not null)
            IdFile.Write(output, Array.ConvertAll(found, neighbor => neighbor.Id), k);
        bool print = context.Find(_results) || (output is null && found.Length <= FewAnswers);
        var result = new SearchResult(queries.Rows, k, Figures.Significant(queries.Rows / seconds, 6), print ? Answers(found, k) : null);
        context.Present(result, CliJson.Default.SearchResult, (console, searched) => Render(console, searched, output));
    }

    /// <summary>The answers of each query; places that no vector filled are left out.</summary>
    private static List<SearchAnswer[]> Answers(Neighbor[] found, int k) =>
        [.. found.Chunk(k).Select(row => row.Where(neighbor => neighbor.Id >= 0).Select(neighbor => new SearchAnswer(neighbor.Id, neighbor.Distance)).ToArray())];

    private static void Render(IAnsiConsole console, SearchResult result, string? output)
    {
        if (result.Results is { } answers)
        {
            var table = FigureTable.Columns("query", "rank", "id", "distance");
            for (int query = 0; query < answers.Count; query++)
            {
                for (int rank = 0; rank < answers[query].Length; rank++)
                {
                    var answer = answers[query][rank];
                    table.AddRow(rank == 0 ? $"{query}" : "", $"{rank + 1}", $"{answer.Id}", $"{answer.Distance:G6}");
                }
            }

            console.Write(table);
        }

        console.MarkupLineInterpolated($"{Figures.Count(result.Queries)} queries, {result.K} neighbours each: [bold]{Figures.Rate(result.Qps)}[/] queries/s");
        if (output is not null)
            console.MarkupLineInterpolated($"Ids written to {output}.");
        else if (result.Results is null)
            console.WriteLine("Ask for the answers with --results, or write their ids with --out IDS.ivecs.");
    }
}

using System.CommandLine;
using System.Diagnostics;
using Tessera.Cli.Hosting;
using Tessera.CodeMap;
using Tessera.Vectors;

namespace Tessera.Cli.Demo;

/// <summary><c>tessera demo</c>: maps a tree of sources and shows what the engine does with it.</summary>
internal sealed class DemoCommand : CliCommand
{
    private readonly Option<string> _path = new("--path")
    {
        Description = "The folder to map; without it the source tree of Tessera around the current folder or the command.",
        HelpName = "FOLDER",
    };

    private readonly Option<string[]> _queries = new("--query")
    {
        Description = "A question in place of the built-in ones; may be given several times.",
        HelpName = "TEXT",
    };

    private readonly Option<string> _vectors = new("--vectors")
    {
        Description = "Write the vectors of the code to this file (.npy), one row for each entity, to try other commands on.",
        HelpName = "VECTORS",
    };

    private DemoCommand()
        : base(
            "demo",
            "Map a tree of sources: entities, layers of clusters, questions, and an index over them.",
            "tessera demo",
            "tessera demo --path ~/src/project --query \"where are users logged in\"")
    {
        Add(_path);
        Add(_queries);
        Add(_vectors);
        Add(CommonOptions.Seed);
        Add(CommonOptions.Threads);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create() => new DemoCommand();

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string? vectors = context.Find(_vectors);
        OutputFile.Check(vectors, "--vectors", ".npy");
        string root = context.Find(_path) is { } path ? Path.GetFullPath(path) : SourceTreeFinder.Find();
        string[] questions = context.Find(_queries) ?? [];
        DemoReport report = context.Progress.Run(progress =>
        {
            var options = new CodeMapOptions { Seed = context.Seed, Threads = context.Threads };
            using CodeMapSnapshot map = CodeMapBuilder.Build(root, options, progress is null ? null : new MapProgress(progress), cancellationToken);
            if (map.Entities.Count == 0)
                throw new FailureException($"{root}: no code was found there; give a folder of sources with --path.");
            if (vectors is not null)
                VectorFile.Write(vectors, map.Vectors, cancellationToken);
            if (questions.Length == 0)
                questions = Questions.For(map);
            IndexComparison comparison = IndexComparison.Measure(map, context.Seed, context.Threads, progress, cancellationToken);
            DemoIds? ids = DemoIds.Of(map, context.Seed, context.Threads, progress, cancellationToken);
            AttentionFigures attention = AttentionFigures.Measure(context.Seed, cancellationToken);
            using var process = Process.GetCurrentProcess();
            return DemoReport.Of(map, questions, comparison, ids, attention, process.PeakWorkingSet64) with { Music = MusicDemo.Make(context.Seed, cancellationToken), Colors = ColorsDemo.Make(context.Seed, cancellationToken) };
        });
        context.Present(report, DemoJson.Default.DemoReport, (console, shown) => new DemoRenderer(console).Render(shown, vectors));
    }
}

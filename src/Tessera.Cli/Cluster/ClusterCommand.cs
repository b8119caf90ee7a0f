using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Clustering;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Cli.Cluster;

/// <summary><c>tessera cluster</c>: k-means over the vectors of a file.</summary>
internal sealed class ClusterCommand : CliCommand
{
    private readonly Argument<string> _vectors = new("VECTORS") { Description = "A file of vectors." };

    private readonly Option<int> _k = new Option<int>("-k")
    {
        Description = "Clusters.",
        Required = true,
    }.AtLeast(1);

    private readonly Option<int> _iterations = new Option<int>("--iterations")
    {
        Description = "Most iterations; fewer are done when no vector changes its cluster.",
        DefaultValueFactory = _ => 25,
    }.AtLeast(1);

    private readonly Option<KMeansInit> _init = new("--init")
    {
        Description = "How the first centroids are chosen: kmeans++ (default) or random.",
        HelpName = "HOW",
        CustomParser = result =>
        {
            string name = result.Tokens.Single().Value;
            switch (name.ToUpperInvariant())
            {
                case "KMEANS++":
                    return KMeansInit.PlusPlus;
                case "RANDOM":
                    return KMeansInit.Random;
                default:
                    result.AddError($"--init is '{name}'; give kmeans++ or random.");
                    return default;
            }
        },
    };

    private readonly Option<int> _redo = new Option<int>("--redo")
    {
        Description = "Runs from different starts, of which the best is kept.",
        DefaultValueFactory = _ => 1,
    }.AtLeast(1);

    private readonly Option<bool> _spherical = new("--spherical")
    {
        Description = "Cluster directions: centroids of length 1, assigned by the largest inner product.",
    };

    private readonly Option<int> _sample = new Option<int>("--sample")
    {
        Description = "Cluster this many vectors, drawn at random; 0 clusters all.",
        DefaultValueFactory = _ => 0,
    }.AtLeast(0);

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "The file of centroids to write (.npy).",
        HelpName = "CENTROIDS",
        Required = true,
    };

    private readonly Option<string> _assignments = new("--assignments")
    {
        Description = "Write the cluster of every vector of the file as .ivecs, one number a row.",
        HelpName = "IDS",
    };

    public ClusterCommand()
        : base(
            "cluster",
            "Group vectors by k-means.",
            "tessera cluster base.npy -k 256 --out centroids.npy",
            "tessera cluster base.npy -k 1000 --sample 100000 --redo 3 --out centroids.npy --assignments clusters.ivecs")
    {
        Add(_vectors);
        Add(_k);
        Add(_iterations);
        Add(_init);
        Add(_redo);
        Add(_spherical);
        Add(_sample);
        Add(_out);
        Add(_assignments);
        Add(CommonOptions.Seed);
        Add(CommonOptions.Threads);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string output = context.Get(_out);
        string? assignments = context.Find(_assignments);
        OutputFile.Check(output, "--out", ".npy");
        OutputFile.Check(assignments, "--assignments", ".ivecs");
        using var input = VectorFile.Open(context.Get(_vectors));
        int sample = context.Get(_sample);
        long available = sample == 0 ? input.Rows : Math.Min(sample, input.Rows);
        var options = new KMeansOptions
        {
            Clusters = context.Get(_k),
            Iterations = context.Get(_iterations),
            Redo = context.Get(_redo),
            Init = context.Find(_init),
            Spherical = context.Get(_spherical),
            MaxPointsPerCluster = 0,
            Seed = context.Seed,
            Threads = context.Threads,
        };
        if (options.Clusters > available)
            throw new UsageException($"-k is {options.Clusters}, but there are {available} vectors to cluster; give 1 to {available}.");

        long most = Array.MaxLength / input.Dimension;
        if (available > most)
            throw new FailureException($"{input.Path}: {available} vectors of dimension {input.Dimension} do not fit one array; give --sample {most} or less.");

        var vectors = sample == 0 ? VectorFile.Read(input.Path, cancellationToken) : VectorFile.Sample(input.Path, sample, context.Seed, cancellationToken);
        var watch = Stopwatch.StartNew();
        var clusters = context.Progress.Run(progress =>
            KMeans.Fit(vectors, options, progress is null ? null : new IterationProgress(progress, options), cancellationToken));
        double seconds = watch.Elapsed.TotalSeconds;

        cancellationToken.ThrowIfCancellationRequested();
        VectorFile.Write(output, clusters.Centroids, cancellationToken);
        if (assignments is not null)
            WriteAssignments(assignments, clusters, input, context.Threads, cancellationToken);

        var result = new ClusterResult(options.Clusters, clusters.Iterations, Figures.Significant(clusters.Inertia, 10), Math.Round(clusters.Imbalance, 6), Figures.Significant(seconds, 4));
        context.Present(result, CliJson.Default.ClusterResult, (console, shown) => Render(console, shown, clusters.History, output));
    }

    private static void WriteAssignments(string path, KMeansResult clusters, VectorReader input, int threads, CancellationToken cancellationToken)
    {
        var clusterOf = new int[input.Rows];
        int done = 0;
        foreach (var block in input.Blocks(cancellationToken))
        {
            clusters.Assign(block, threads, cancellationToken).CopyTo(clusterOf, done);
            done += block.Rows;
        }

        IdFile.Write(path, clusterOf, 1);
    }

    private static void Render(IAnsiConsole console, ClusterResult result, IReadOnlyList<KMeansIteration> history, string output)
    {
        var table = FigureTable.Columns("iteration", "inertia", "imbalance", "moved");
        foreach (var iteration in history)
            table.AddRow($"{iteration.Iteration + 1}", $"{iteration.Inertia:G6}", Figures.Fixed(iteration.Imbalance, 3), Figures.Count(iteration.Moved));
        console.Write(table);
        console.MarkupLineInterpolated(
            $"[bold]{result.K} clusters[/] in {Figures.Seconds(result.Seconds)} and {result.Iterations} iterations: inertia {result.Inertia:G6}, imbalance {result.Imbalance:F3}. Written to {output}.");
    }

    private sealed class IterationProgress : IProgress<KMeansIteration>
    {
        private readonly IProgress<TrainingProgress> _progress;
        private readonly KMeansOptions _options;

        public IterationProgress(IProgress<TrainingProgress> progress, KMeansOptions options)
        {
            _progress = progress;
            _options = options;
            // Choosing the first centroids takes its time too; the bar stands at 0 meanwhile.
            Report(0);
        }

        public void Report(KMeansIteration value) => Report((long)value.Run * _options.Iterations + value.Iteration + 1);

        private void Report(long done) => _progress.Report(new TrainingProgress("iterations", done, (long)_options.Redo * _options.Iterations));
    }
}

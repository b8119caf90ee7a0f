using System.CommandLine;
using System.Diagnostics;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Cli.Cluster;

/// <summary><c>cluster --method balanced</c>.</summary>
internal sealed class BalancedMethod : ClusterMethod
{
    /// <summary>Distances that assigning a later block may hold at once: 256 MB.</summary>
    private const int MostDistances = 1 << 26;

    private readonly Option<double> _maxImbalance;
    private readonly Option<int> _slack;

    public BalancedMethod(ClusterOptions options)
        : this(
            options,
            new Option<double>("--max-imbalance")
            {
                Description = "balanced: the imbalance that is allowed; 1 (default) makes sizes that differ by one at most.",
                HelpName = "X",
                DefaultValueFactory = _ => 1,
                CustomParser = result => Number.Parse<double>(result, value => value is >= 1 and <= double.MaxValue, "a number of 1 or more") ?? default,
            },
            new Option<int>("--slack")
            {
                Description = "balanced, with --sample and --assignments: how far from equal the sizes over the whole file may be, in vectors.",
                DefaultValueFactory = _ => 0,
            }.AtLeast(0))
    {
    }

    private BalancedMethod(ClusterOptions options, Option<double> maxImbalance, Option<int> slack)
        : base(options, "balanced", options.Init, maxImbalance, slack) => (_maxImbalance, _slack) = (maxImbalance, slack);

    public override void Run(ClusterJob job)
    {
        var settings = new BalancedKMeansOptions
        {
            Clusters = job.Context.Get(Shared.K),
            MaxImbalance = job.Context.Get(_maxImbalance),
            Iterations = job.Context.Find(Shared.Iterations) ?? 25,
            Redo = job.Context.Get(Shared.Redo),
            Init = job.Context.Find(Shared.Init),
            Seed = job.Context.Seed,
            Threads = job.Context.Threads,
        };
        long most = Array.MaxLength / settings.Clusters;
        if (settings.MaxImbalance == 1 && job.Vectors.Rows > most)
            throw new FailureException($"{job.Vectors.Rows} distances to each of {settings.Clusters} clusters do not fit one array; give --sample {most} or less, or --max-imbalance 1.1.");
        var watch = Stopwatch.StartNew();
        var clusters = WithProgress<BalancedKMeansResult, KMeansIteration>(
            job,
            (long)settings.Redo * settings.Iterations,
            iteration => (long)iteration.Run * settings.Iterations + iteration.Iteration + 1,
            progress => BalancedKMeans.Fit(job.Vectors, settings, progress, job.CancellationToken));
        double seconds = watch.Elapsed.TotalSeconds;

        job.CancellationToken.ThrowIfCancellationRequested();
        string output = job.Context.Get(Shared.Out);
        VectorFile.Write(output, clusters.Centroids, job.CancellationToken);
        if (job.Context.Find(Shared.Assignments) is { } path)
            WriteBalanced(path, job, clusters);

        var result = new ClusterResult(
            settings.Clusters,
            clusters.Iterations,
            Figures.Significant(clusters.Inertia, 10),
            Math.Round(clusters.Imbalance, 6),
            Figures.Significant(seconds, 4),
            clusters.Sizes.Min(),
            clusters.Sizes.Max());
        job.Context.Present(result, CliJson.Default.ClusterResult, (console, shown) => KMeansMethod.Render(console, shown, clusters.History, output));
    }

    private void WriteBalanced(string path, ClusterJob job, BalancedKMeansResult clusters)
    {
        if (job.IsWhole)
        {
            IdFile.Write(path, [.. clusters.Assignments], 1);
            return;
        }

        // The file's vectors are given out among themselves, those of the sample too, part by part with the sizes so far.
        int slack = job.Context.Get(_slack), each = Math.Max(1, MostDistances / clusters.Centroids.Rows);
        var sizes = new int[clusters.Centroids.Rows];
        WriteAssignments(path, job, block =>
        {
            var clusterOf = new int[block.Rows];
            for (int start = 0; start < block.Rows; start += each)
            {
                int[] part = clusters.Assign(block.Slice(start, Math.Min(each, block.Rows - start)), sizes, slack, job.Context.Threads, job.CancellationToken);
                part.CopyTo(clusterOf, start);
                foreach (int cluster in part)
                    sizes[cluster]++;
            }

            return clusterOf;
        });
    }
}

using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tessera.Cli.Rendering;
using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Cli.Cluster;

/// <summary><c>cluster --method kmeans</c>.</summary>
internal sealed class KMeansMethod(ClusterOptions options, Option<bool> spherical) : ClusterMethod(options, "kmeans", options.Init, spherical)
{
    public KMeansMethod(ClusterOptions options)
        : this(options, new Option<bool>("--spherical") { Description = "kmeans: cluster directions, with centroids of length 1, assigned by the largest inner product." })
    {
    }

    public override void Run(ClusterJob job)
    {
        var settings = new KMeansOptions
        {
            Clusters = job.Context.Get(Shared.K),
            Iterations = job.Context.Find(Shared.Iterations) ?? 25,
            Redo = job.Context.Get(Shared.Redo),
            Init = job.Context.Find(Shared.Init),
            Spherical = job.Context.Get(spherical),
            MaxPointsPerCluster = 0,
            Seed = job.Context.Seed,
            Threads = job.Context.Threads,
        };
        var watch = Stopwatch.StartNew();
        var clusters = WithProgress<KMeansResult, KMeansIteration>(
            job,
            (long)settings.Redo * settings.Iterations,
            iteration => (long)iteration.Run * settings.Iterations + iteration.Iteration + 1,
            progress => KMeans.Fit(job.Vectors, settings, progress, job.CancellationToken));
        double seconds = watch.Elapsed.TotalSeconds;

        job.CancellationToken.ThrowIfCancellationRequested();
        string output = job.Context.Get(Shared.Out);
        VectorFile.Write(output, clusters.Centroids, job.CancellationToken);
        if (job.Context.Find(Shared.Assignments) is { } path)
            WriteAssignments(path, job, block => clusters.Assign(block, settings.Threads, job.CancellationToken));

        var result = new ClusterResult(settings.Clusters, clusters.Iterations, Figures.Significant(clusters.Inertia, 10), Math.Round(clusters.Imbalance, 6), Figures.Significant(seconds, 4));
        job.Context.Present(result, CliJson.Default.ClusterResult, (console, shown) => Render(console, shown, clusters.History, output));
    }

    /// <summary>A row for each iteration, and what came of them.</summary>
    public static void Render(IAnsiConsole console, ClusterResult result, IReadOnlyList<KMeansIteration> history, string output)
    {
        var table = FigureTable.Columns("iteration", "inertia", "imbalance", "moved");
        foreach (var iteration in history)
            table.AddRow($"{iteration.Iteration + 1}", $"{iteration.Inertia:G6}", Figures.Fixed(iteration.Imbalance, 3), Figures.Count(iteration.Moved));
        console.Write(table);
        string sizes = result.Smallest is null ? "" : $", {Figures.Count(result.Smallest.Value)} to {Figures.Count(result.Largest!.Value)} vectors each";
        console.MarkupLineInterpolated(
            $"[bold]{result.K} clusters[/] in {Figures.Seconds(result.Seconds)} and {result.Iterations} iterations: inertia {result.Inertia:G6}, imbalance {result.Imbalance:F3}{sizes}. Written to {output}.");
    }
}

using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Cli.Cluster;

/// <summary>One way of clustering, with the options that only it or not all others take.</summary>
internal abstract class ClusterMethod(ClusterOptions options, string name, params Option[] own)
{
    public string Name => name;

    /// <summary>The options that not every method takes, of those that this one does.</summary>
    public IReadOnlyList<Option> Own => own;

    protected ClusterOptions Shared => options;

    /// <summary>Refuses files that could not be written, and settings that do not go together, before vectors are read.</summary>
    public virtual void Check(CommandContext context)
    {
    }

    /// <summary>Clusters, writes the files and presents the result.</summary>
    public abstract void Run(ClusterJob job);

    /// <summary>Writes the cluster of every vector of the file, a block at a time.</summary>
    protected static void WriteAssignments(string path, ClusterJob job, Func<Matrix, int[]> assign)
    {
        var clusterOf = new int[job.Input.Rows];
        int done = 0;
        foreach (var block in job.Input.Blocks(job.CancellationToken))
        {
            assign(block).CopyTo(clusterOf, done);
            done += block.Rows;
        }

        IdFile.Write(path, clusterOf, 1);
    }

    /// <summary>Runs work that reports iterations, of which there are at most so many.</summary>
    protected static T WithProgress<T, TIteration>(ClusterJob job, long total, Func<TIteration, long> done, Func<IProgress<TIteration>?, T> work) =>
        job.Context.Progress.Run(progress => work(progress is null ? null : new IterationProgress<TIteration>(progress, total, done)));

    private sealed class IterationProgress<TIteration> : IProgress<TIteration>
    {
        private readonly IProgress<TrainingProgress> _progress;
        private readonly long _total;
        private readonly Func<TIteration, long> _done;

        public IterationProgress(IProgress<TrainingProgress> progress, long total, Func<TIteration, long> done)
        {
            (_progress, _total, _done) = (progress, total, done);
            // Choosing the first centroids takes its time too; the bar stands at 0 meanwhile.
            _progress.Report(new TrainingProgress("iterations", 0, total));
        }

        public void Report(TIteration value) => _progress.Report(new TrainingProgress("iterations", _done(value), _total));
    }
}

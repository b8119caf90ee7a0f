using System.Diagnostics;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Colors.Indexes;

/// <summary>Settings measured on a collection of the user's own, against exact search.</summary>
/// <param name="Settings">All that were tried, in the order of trying.</param>
/// <param name="Recommended">The fastest that reaches the recall; where none does, the one of the highest recall.</param>
public sealed record AnnTuning(IReadOnlyList<AnnSetting> Settings, AnnSetting Recommended)
{
    /// <summary>Builds an index for each of some settings, and searches it with rising numbers of probes until all cells are visited or the recall is reached.</summary>
    /// <param name="vectors">Hellinger transforms of the collection's images, or of a sample of them: rows of 1152 numbers.</param>
    /// <param name="queries">Hellinger transforms of queries like those that will be asked; some hundreds.</param>
    /// <param name="options">What to try; null for the presets.</param>
    /// <param name="build">Seed and threads of building; null for the defaults.</param>
    /// <param name="progress">Told of each setting measured.</param>
    /// <param name="cancellationToken">Stops between searches.</param>
    /// <exception cref="ArgumentException">There are no vectors or queries, or they are of another length.</exception>
    public static AnnTuning Tune(
        Matrix vectors, Matrix queries, AnnTuningOptions? options = null, BuildOptions? build = null, IProgress<AnnSetting>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(vectors);
        options ??= AnnTuningOptions.Default;
        options.Validate();
        if (vectors.Rows == 0 || queries.Rows == 0)
            throw new ArgumentException($"{vectors.Rows} vectors and {queries.Rows} queries; give at least one of each.", vectors.Rows == 0 ? nameof(vectors) : nameof(queries));
        using var exact = new ExactSearch(vectors, []);
        int neighbors = Math.Min(options.Neighbors, vectors.Rows);
        long[][] truth = [.. Enumerable.Range(0, queries.Rows).Select(query => exact.Nearest(queries[query], neighbors))];

        var settings = new List<AnnSetting>();
        foreach (ColorConfig config in options.Configs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var index = new AnnIndex(config);
            index.Train(index.GetTrainingSubset(vectors), build, null, cancellationToken);
            index.Add(vectors, default, build, null, cancellationToken);
            int probes = index.Config.Probes;
            do
            {
                AnnSetting setting = Measure(index, probes, queries, truth, options.Candidates, cancellationToken);
                settings.Add(setting);
                progress?.Report(setting);
                if (setting.Recall >= options.Recall || probes >= index.Config.Lists || index.Config.Kind == AnnIndexKind.Hnsw)
                    break;
                probes = Math.Min(2 * probes, index.Config.Lists);
            }
            while (true);
        }

        AnnSetting best = settings.Where(setting => setting.Recall >= options.Recall).MinBy(setting => setting.MeanMilliseconds) ?? settings.MaxBy(setting => setting.Recall)!;
        return new AnnTuning(settings, best);
    }

    private static AnnSetting Measure(AnnIndex index, int probes, Matrix queries, long[][] truth, int candidates, CancellationToken cancellationToken)
    {
        var results = new Neighbor[candidates];
        double recall = 0;
        // The first search reaches for memory that the others have warm.
        index.Search(queries[0], results, null, probes);
        long ticks = 0;
        for (int query = 0; query < queries.Rows; query++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            int found = index.Search(queries[query], results, null, probes);
            ticks += Stopwatch.GetTimestamp() - start;
            recall += ExactSearch.Recall(truth[query], results.AsSpan(0, found));
        }

        return new AnnSetting(
            index.Config with { Probes = probes }, recall / queries.Rows,
            ticks * 1000.0 / Stopwatch.Frequency / queries.Rows, (long)index.GetMemoryUsageEstimate()["measured_bytes"]);
    }
}

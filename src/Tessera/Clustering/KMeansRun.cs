using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>One run of k-means from one start, the given one or a drawn one.</summary>
internal sealed class KMeansRun(Matrix vectors, KMeansOptions options, Assigner assigner, int run, IProgress<KMeansIteration>? progress, Matrix? start = null)
{
    private readonly int _clusters = options.Clusters;
    private readonly int _dimension = vectors.Dimension;
    private readonly int[] _assignments = new int[vectors.Rows];
    private readonly ClusterSums _sums = new(vectors, options.Clusters, options.Threads);
    private readonly List<KMeansIteration> _history = [];

    public KMeansResult Run(CancellationToken cancellationToken)
    {
        double squares = SumOfSquares();
        float[] centroids = (start ?? Seeding.Choose(vectors, options, (ulong)run, cancellationToken)).Values.ToArray();
        if (options.Spherical)
            NormaliseAll(centroids);
        float[] shifts = [];
        for (int iteration = 0; iteration < options.Iterations; iteration++)
        {
            var before = new Matrix(centroids, _dimension);
            assigner.Assign(before, shifts, _assignments, cancellationToken);
            int moved = _sums.Update(_assignments, cancellationToken);
            double inertia = Inertia(squares, centroids);
            float[] after = Means(before);
            int repaired = RepairEmpty(after, iteration);
            Report(new KMeansIteration(run, iteration, inertia, _sums.Imbalance(), moved, repaired));
            if (moved == 0 && repaired == 0)
                break;
            shifts = Shifts(centroids, after);
            centroids = after;
            if (Converged())
                break;
        }

        KMeansIteration last = _history[^1];
        return new KMeansResult(new Matrix(centroids, _dimension), last.Inertia, last.Imbalance, vectors.Rows, _history);
    }

    private double SumOfSquares()
    {
        const int Block = 4096;
        var sums = new double[(vectors.Rows + Block - 1) / Block];
        Workers.For(sums.Length, options.Threads, (block, _) =>
        {
            for (int i = block * Block; i < Math.Min(vectors.Rows, (block + 1) * Block); i++)
                sums[block] += Distance.Dot(vectors[i], vectors[i]);
        });
        return sums.Sum();
    }

    /// <summary>Sum |x - c|^2 = sum |x|^2 - 2 sum c . S + sum n |c|^2, from the sums S and sizes n of the clusters: no second pass over the vectors.</summary>
    private double Inertia(double squares, float[] centroids)
    {
        var parts = new double[_clusters];
        Workers.For(_clusters, options.Threads, (cluster, _) =>
        {
            ReadOnlySpan<double> sum = _sums.Sum(cluster);
            ReadOnlySpan<float> centroid = centroids.AsSpan(cluster * _dimension, _dimension);
            double products = 0, norm = 0;
            for (int d = 0; d < sum.Length; d++)
            {
                products += centroid[d] * sum[d];
                norm += (double)centroid[d] * centroid[d];
            }

            parts[cluster] = _sums.Sizes[cluster] * norm - 2 * products;
        });
        return Math.Max(0, parts.Aggregate(squares, (sum, part) => sum + part));
    }

    /// <summary>The means of the clusters; an empty one keeps its centroid.</summary>
    private float[] Means(Matrix before)
    {
        float[] means = before.Values.ToArray();
        for (int cluster = 0; cluster < _clusters; cluster++)
        {
            if (_sums.Sizes[cluster] == 0)
                continue;
            Span<float> mean = means.AsSpan(cluster * _dimension, _dimension);
            _sums.Mean(cluster, mean);
            for (int d = 0; d < mean.Length && options.Stride != 1; d++)
                mean[d] = before[cluster][d] + options.Stride * (mean[d] - before[cluster][d]);
            if (options.Spherical)
                Normalise(mean);
        }

        return means;
    }

    /// <summary>Gives each empty cluster a vector of one of the largest clusters, one that lies apart from its centroid.</summary>
    private int RepairEmpty(float[] centroids, int iteration)
    {
        int empty = _sums.Sizes.AsSpan().Count(0);
        if (empty == 0)
            return 0;
        var random = new SeededRandom(options.Seed, (ulong)(run * options.Iterations + iteration) + 0xE391);
        int repaired = 0;
        int[] bySize = [.. Enumerable.Range(0, _clusters).OrderByDescending(cluster => _sums.Sizes[cluster]).ThenBy(cluster => cluster)];
        int donor = 0;
        for (int cluster = 0; cluster < _clusters; cluster++)
        {
            if (_sums.Sizes[cluster] != 0)
                continue;
            for (; donor < _clusters && _sums.Sizes[bySize[donor]] > 1; donor++)
            {
                if (Member(bySize[donor], centroids, ref random) is int member and >= 0)
                {
                    vectors[member].CopyTo(centroids.AsSpan(cluster * _dimension, _dimension));
                    if (options.Spherical)
                        Normalise(centroids.AsSpan(cluster * _dimension, _dimension));
                    repaired++;
                    donor++;
                    break;
                }
            }
        }

        return repaired;
    }

    /// <summary>A vector of a cluster that differs from its centroid, from a random place on; -1 if they are all the same.</summary>
    private int Member(int cluster, float[] centroids, ref SeededRandom random)
    {
        ReadOnlySpan<float> centroid = centroids.AsSpan(cluster * _dimension, _dimension);
        float least = 1e-6f * Distance.Dot(centroid, centroid);
        int start = random.Next(vectors.Rows);
        for (int i = 0; i < vectors.Rows; i++)
        {
            int point = start + i < vectors.Rows ? start + i : start + i - vectors.Rows;
            if (_assignments[point] == cluster && Distance.SquaredL2(vectors[point], centroid) > least)
                return point;
        }

        return -1;
    }

    private float[] Shifts(float[] before, float[] after)
    {
        var shifts = new float[_clusters];
        for (int cluster = 0; cluster < _clusters; cluster++)
        {
            shifts[cluster] = MathF.Sqrt(Distance.SquaredL2(
                before.AsSpan(cluster * _dimension, _dimension), after.AsSpan(cluster * _dimension, _dimension)));
        }

        return shifts;
    }

    private void Report(KMeansIteration iteration)
    {
        _history.Add(iteration);
        progress?.Report(iteration);
    }

    private bool Converged() =>
        options.Tolerance > 0 && _history.Count > 1
        && _history[^2].Inertia - _history[^1].Inertia < options.Tolerance * _history[^2].Inertia;

    private void NormaliseAll(float[] centroids)
    {
        for (int cluster = 0; cluster < _clusters; cluster++)
            Normalise(centroids.AsSpan(cluster * _dimension, _dimension));
    }

    private static void Normalise(Span<float> vector)
    {
        float length = MathF.Sqrt(Distance.Dot(vector, vector));
        if (!(length > 0))
            return;
        for (int d = 0; d < vector.Length; d++)
            vector[d] /= length;
    }
}

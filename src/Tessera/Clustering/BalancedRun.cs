using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>One run of balanced k-means from one start.</summary>
internal sealed class BalancedRun(Matrix vectors, BalancedKMeansOptions options, SizedAssigner assigner, int run, IProgress<KMeansIteration>? progress)
{
    private readonly int[] _assignments = new int[vectors.Rows];
    private readonly float[] _distances = new float[vectors.Rows];
    private readonly ClusterSums _sums = new(vectors, options.Clusters, options.Threads);
    private readonly List<KMeansIteration> _history = [];

    public BalancedKMeansResult Run(CancellationToken cancellationToken)
    {
        var start = new KMeansOptions { Clusters = options.Clusters, Init = options.Init, Seed = options.Seed, Threads = options.Threads };
        Matrix centroids = Seeding.Choose(vectors, start, (ulong)run, cancellationToken);
        for (int iteration = 0; ; iteration++)
        {
            bool last = iteration == options.Iterations - 1;
            bool balanced = assigner.Assign(centroids, _assignments, _distances, last, cancellationToken);
            int moved = _sums.Update(_assignments, cancellationToken);
            var report = new KMeansIteration(run, iteration, Inertia(), _sums.Imbalance(), moved, 0);
            _history.Add(report);
            progress?.Report(report);
            centroids = Means(centroids);
            if (last || (balanced && (moved == 0 || Converged())))
                break;
        }

        BalancedAssignment.DistancesToOwn(centroids, vectors, _assignments, _distances, options.Threads, cancellationToken);
        return new BalancedKMeansResult(centroids, _assignments, _sums.Sizes, Inertia(), _sums.Imbalance(), _history);
    }

    private double Inertia()
    {
        double inertia = 0;
        foreach (float distance in _distances)
            inertia += distance;
        return inertia;
    }

    private Matrix Means(Matrix before)
    {
        float[] means = before.Values.ToArray();
        for (int cluster = 0; cluster < before.Rows; cluster++)
            _sums.Mean(cluster, means.AsSpan(cluster * before.Dimension, before.Dimension));
        return new Matrix(means, before.Dimension);
    }

    private bool Converged() =>
        options.Tolerance > 0 && _history.Count > 1
        && _history[^2].Inertia - _history[^1].Inertia < options.Tolerance * _history[^2].Inertia;
}

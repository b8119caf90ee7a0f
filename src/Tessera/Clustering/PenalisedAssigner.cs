using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// Lowers the sum of squared distances plus a weight times half the sum of the squared sizes, one vector after the other: each goes
/// where that sum becomes the least, and sizes follow at once, so that it never rises while the weight stays. The weight rises
/// from iteration to iteration until the imbalance is within its bound. Any bound is reached in the end: once the weight is
/// large against all distances, only sizes that differ by one at most leave no vector to move.
/// </summary>
internal sealed class PenalisedAssigner : SizedAssigner
{
    /// <summary>Distances that are held at once, about.</summary>
    private const int Room = 1 << 18;

    /// <summary>The first weight, as a share of the mean squared distance for a cluster of mean size; small enough that no cluster is torn apart.</summary>
    private const double FirstWeight = 0.02;

    /// <summary>What the weight is multiplied by in an iteration that leaves the imbalance above its bound.</summary>
    private const double Raise = 1.3;

    private readonly Matrix _vectors;
    private readonly int _threads;
    private readonly int _block;
    private readonly double _bound;
    private readonly float[] _distances;
    private readonly int[] _sizes;
    private double _weight;
    private bool _begun;

    public PenalisedAssigner(Matrix vectors, BalancedKMeansOptions options)
    {
        _vectors = vectors;
        _threads = options.Threads;
        _block = Math.Clamp(Room / options.Clusters, 1, vectors.Rows);
        _distances = new float[_block * options.Clusters];
        _sizes = new int[options.Clusters];
        (int[] even, _) = BalancedAssignment.EvenBounds(_sizes, vectors.Rows);
        for (int i = 0; i < vectors.Rows % options.Clusters; i++)
            even[i]++;
        _bound = Math.Max(options.MaxImbalance, ClusterSums.Imbalance(even, vectors.Rows));
    }

    public override bool Assign(Matrix centroids, int[] assignments, float[] distances, bool last, CancellationToken cancellationToken)
    {
        while (true)
        {
            Pass(centroids, assignments, distances, cancellationToken);
            bool reached = ClusterSums.Imbalance(_sizes, assignments.Length) <= _bound;
            if (!reached)
                _weight = Math.Max(_weight * Raise, Least(distances));
            if (reached || !last)
                return reached;
        }
    }

    private void Pass(Matrix centroids, int[] assignments, float[] distances, CancellationToken cancellationToken)
    {
        int clusters = centroids.Rows;
        for (int start = 0; start < assignments.Length; start += _block)
        {
            Matrix block = _vectors.Slice(start, Math.Min(_block, assignments.Length - start));
            BalancedAssignment.Distances(centroids, block, _distances, _threads, cancellationToken);
            for (int i = 0; i < block.Rows; i++)
            {
                ReadOnlySpan<float> row = _distances.AsSpan(i * clusters, clusters);
                ref int own = ref assignments[start + i];
                if (_begun)
                    _sizes[own]--;
                own = Best(row, _begun ? own : 0);
                _sizes[own]++;
                distances[start + i] = row[own];
            }
        }

        _begun = true;
    }

    /// <summary>The cluster that a vector adds the least to; the one that it was in among equals.</summary>
    private int Best(ReadOnlySpan<float> distances, int own)
    {
        int best = own;
        double least = distances[own] + _weight * _sizes[own];
        for (int cluster = 0; cluster < distances.Length; cluster++)
        {
            double cost = distances[cluster] + _weight * _sizes[cluster];
            if (cost < least)
                (least, best) = (cost, cluster);
        }

        return best;
    }

    /// <summary>The least weight that says anything: for duplicates, whose distances are all 0, any will do.</summary>
    private double Least(float[] distances)
    {
        double sum = 0;
        foreach (float distance in distances)
            sum += distance;
        return sum > 0 ? FirstWeight * sum / distances.Length * _sizes.Length / distances.Length : float.Epsilon;
    }
}

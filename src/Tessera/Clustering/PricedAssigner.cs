using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// Assigns every vector to the cluster with the least squared distance plus price. Clusters above the mean size raise their
/// price and those below lower it, each by a step that grows while the direction stays and halves when it turns (as in Rprop,
/// Riedmiller and Braun, 1993), until the imbalance is within the bound.
/// </summary>
internal sealed class PricedAssigner : SizedAssigner
{
    /// <summary>Rounds of prices in one iteration: the centroids move on, so that a bound not reached yet may wait.</summary>
    private const int Rounds = 8;

    /// <summary>Rounds at the end, before prices give up.</summary>
    private const int LastRounds = 60;

    private readonly Matrix _vectors;
    private readonly BalancedKMeansOptions _options;
    private readonly ProductAssigner _assigner;
    private readonly double[] _prices;
    private readonly double[] _steps;
    private readonly int[] _directions;

    public PricedAssigner(Matrix vectors, BalancedKMeansOptions options)
    {
        _vectors = vectors;
        _options = options;
        _assigner = new ProductAssigner(vectors, options.Threads);
        _prices = new double[options.Clusters];
        _steps = new double[options.Clusters];
        _directions = new int[options.Clusters];
    }

    public override bool Assign(Matrix centroids, int[] assignments, float[] distances, bool last, CancellationToken cancellationToken)
    {
        bool reached = Price(last ? LastRounds : Rounds, centroids, assignments, distances, cancellationToken);
        if (reached || !last)
            return reached;
        // Prices cannot part vectors that are the same. Sizes of at most c n / k keep the imbalance at c.
        int clusters = _options.Clusters;
        int most = (int)Math.Max((_vectors.Rows + clusters - 1L) / clusters, Math.Min(_vectors.Rows, Math.Floor(_options.MaxImbalance * _vectors.Rows / clusters)));
        var capacities = new int[clusters];
        Array.Fill(capacities, most);
        BalancedAssignment.Within(centroids, _vectors, capacities, _options.Threads, cancellationToken).CopyTo(assignments, 0);
        BalancedAssignment.DistancesToOwn(centroids, _vectors, assignments, distances, _options.Threads, cancellationToken);
        return true;
    }

    public override void Dispose() => _assigner.Dispose();

    private bool Price(int rounds, Matrix centroids, int[] assignments, float[] distances, CancellationToken cancellationToken)
    {
        for (int round = 0; ; round++)
        {
            _assigner.Nearest(centroids, assignments, distances, _prices, cancellationToken);
            var sizes = new int[centroids.Rows];
            foreach (int cluster in assignments)
                sizes[cluster]++;
            if (ClusterSums.Imbalance(sizes, assignments.Length) <= _options.MaxImbalance)
                return true;
            if (round == rounds)
                return false;
            Adjust(sizes, distances);
        }
    }

    private void Adjust(int[] sizes, float[] distances)
    {
        double mean = (double)_vectors.Rows / sizes.Length;
        double spread = 0;
        foreach (float distance in distances)
            spread += distance;
        spread /= distances.Length;
        for (int cluster = 0; cluster < sizes.Length; cluster++)
        {
            double over = sizes[cluster] / mean - 1;
            int direction = Math.Sign(over);
            if (_steps[cluster] == 0)
                _steps[cluster] = 0.05 * spread;
            else if (direction == _directions[cluster])
                _steps[cluster] *= 1.3;
            else
                _steps[cluster] *= 0.5;
            _steps[cluster] = Math.Clamp(_steps[cluster], 1e-4 * spread, spread);
            _directions[cluster] = direction;
            _prices[cluster] += _steps[cluster] * Math.Clamp(over, -1, 1);
        }
    }
}

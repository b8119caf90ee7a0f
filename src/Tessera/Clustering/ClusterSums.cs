using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>Sizes and sums of the clusters, brought up to date from the vectors that moved; each cluster's sum is added up in the order of the vectors, whatever the number of threads.</summary>
internal sealed class ClusterSums(Matrix vectors, int clusters, int threads)
{
    private const int ClustersPerPiece = 16;

    private readonly int[] _previous = Filled(vectors.Rows);
    private readonly double[] _sums = new double[(long)clusters * vectors.Dimension];
    private readonly List<int> _moved = [];

    public int[] Sizes { get; } = new int[clusters];

    public ReadOnlySpan<double> Sum(int cluster) => _sums.AsSpan(cluster * vectors.Dimension, vectors.Dimension);

    /// <summary>Writes the mean of a cluster; leaves <paramref name="mean"/> as it is when the cluster is empty.</summary>
    public void Mean(int cluster, Span<float> mean)
    {
        if (Sizes[cluster] == 0)
            return;
        ReadOnlySpan<double> sum = Sum(cluster);
        double scale = 1.0 / Sizes[cluster];
        for (int d = 0; d < mean.Length; d++)
            mean[d] = (float)(sum[d] * scale);
    }

    /// <summary>k * sum(n_i^2) / n^2 over the sizes.</summary>
    public double Imbalance() => Imbalance(Sizes, vectors.Rows);

    /// <summary>k * sum(n_i^2) / n^2 over given sizes.</summary>
    public static double Imbalance(ReadOnlySpan<int> sizes, int count)
    {
        double squares = 0;
        foreach (int size in sizes)
            squares += (double)size * size;
        return squares * sizes.Length / ((double)count * count);
    }

    /// <summary>Takes over new assignments.</summary>
    /// <returns>How many vectors moved.</returns>
    public int Update(int[] assignments, CancellationToken cancellationToken)
    {
        _moved.Clear();
        for (int i = 0; i < assignments.Length; i++)
        {
            if (assignments[i] == _previous[i])
                continue;
            _moved.Add(i);
            Sizes[assignments[i]]++;
            if (_previous[i] >= 0)
                Sizes[_previous[i]]--;
        }

        // A thread of its own for each piece is what pieces are for; all moves are looked at for each.
        int each = Workers.Count(threads) == 1 ? clusters : ClustersPerPiece;
        Workers.For((clusters + each - 1) / each, threads, (piece, _) =>
        {
            int low = piece * each, high = low + each;
            foreach (int i in _moved)
            {
                int from = _previous[i], to = assignments[i];
                if (to >= low && to < high)
                    Accumulate.Add(_sums.AsSpan(to * vectors.Dimension, vectors.Dimension), vectors[i]);
                if (from >= low && from < high)
                    Accumulate.Subtract(_sums.AsSpan(from * vectors.Dimension, vectors.Dimension), vectors[i]);
            }
        }, cancellationToken);
        foreach (int i in _moved)
            _previous[i] = assignments[i];
        return _moved.Count;
    }

    private static int[] Filled(int count)
    {
        var none = new int[count];
        Array.Fill(none, -1);
        return none;
    }
}

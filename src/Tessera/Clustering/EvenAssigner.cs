using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>Assigns at the least cost with sizes that differ by one at most.</summary>
internal sealed class EvenAssigner(Matrix vectors, BalancedKMeansOptions options) : SizedAssigner
{
    private readonly double[] _prices = new double[options.Clusters];
    private readonly float[] _costs = new float[vectors.Rows * options.Clusters];

    public override bool Assign(Matrix centroids, int[] assignments, float[] distances, bool last, CancellationToken cancellationToken)
    {
        (int[] least, int[] most) = BalancedAssignment.EvenBounds(new int[options.Clusters], vectors.Rows);
        BalancedAssignment.Distances(centroids, vectors, _costs, options.Threads, cancellationToken);
        new Transport(_costs, options.Clusters, options.Threads).Solve(least, most, _prices, assignments, cancellationToken);
        for (int i = 0; i < assignments.Length; i++)
            distances[i] = _costs[i * options.Clusters + assignments[i]];
        return true;
    }
}

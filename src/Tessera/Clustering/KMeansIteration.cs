namespace Tessera.Clustering;

/// <summary>What one iteration of k-means did; reported while it runs and kept in the result.</summary>
/// <param name="Run">Number of the run among <see cref="KMeansOptions.Redo"/>, from 0.</param>
/// <param name="Iteration">Number of the iteration in its run, from 0.</param>
/// <param name="Inertia">Sum of the squared distances of the training vectors to the centroids that they were assigned to, before those moved.</param>
/// <param name="Imbalance">k * sum(n_i^2) / n^2 over the cluster sizes n_i: 1 when all are equal, k when one holds everything.</param>
/// <param name="Moved">Vectors that changed their cluster.</param>
/// <param name="Repaired">Empty clusters that were given a new centroid.</param>
public readonly record struct KMeansIteration(int Run, int Iteration, double Inertia, double Imbalance, int Moved, int Repaired);

namespace Tessera.Cli.Cluster;

/// <summary>What <c>cluster</c> prints.</summary>
internal sealed record ClusterResult(int K, int Iterations, double Inertia, double Imbalance, double Seconds);

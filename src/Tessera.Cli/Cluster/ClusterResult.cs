namespace Tessera.Cli.Cluster;

/// <summary>What <c>cluster</c> prints; the sizes only where they are balanced.</summary>
internal sealed record ClusterResult(int K, int Iterations, double Inertia, double Imbalance, double Seconds, int? Smallest = null, int? Largest = null);

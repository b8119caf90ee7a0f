namespace Tessera.CodeMap.Layers;

/// <summary>Layers that follow on others.</summary>
/// <param name="Layers">From layer 1 up.</param>
/// <param name="Churn">Of each cluster of layer 1, the members that came or went since it was clustered.</param>
/// <param name="IsSameShape">Whether every cluster has the number that it had, and none came or went.</param>
/// <param name="Termination">Why there are no more layers.</param>
internal sealed record LayerPatch(List<RawCluster[]> Layers, int[] Churn, bool IsSameShape, LayerTermination Termination);

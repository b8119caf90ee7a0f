namespace Tessera.CodeMap.Layers;

/// <summary>A cluster before it has a name.</summary>
/// <param name="Members">Positions of its members in the layer below, ascending.</param>
/// <param name="Centroid">The members' mean, scaled to length 1.</param>
internal sealed record RawCluster(int[] Members, float[] Centroid);

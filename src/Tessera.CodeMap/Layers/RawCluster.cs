namespace Tessera.CodeMap.Layers;

/// <summary>A cluster before it has a name.</summary>
/// <param name="Members">Positions of its members in the layer below, ascending.</param>
/// <param name="Centroid">The members' mean, scaled to length 1.</param>
/// <param name="Shared">Those members that belong more to another cluster, ascending; empty unless memberships are soft.</param>
internal sealed record RawCluster(int[] Members, float[] Centroid, int[] Shared)
{
    /// <summary>The members that belong to it most.</summary>
    public IEnumerable<int> Own => Shared.Length == 0 ? Members : Members.Except(Shared);
}

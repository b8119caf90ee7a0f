using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.CodeMap.Layers;

/// <summary>Clusters a layer by a Gaussian mixture, with members in as many clusters as they are likely to belong to.</summary>
internal static class MixtureLayer
{
    /// <summary>The least probability with which an item is a member: HiRAG's.</summary>
    private const double Threshold = 0.1;

    // Densities say little in more dimensions, and a component wants several items for each.
    private const int MostDirections = 16;
    private const int ItemsOfDirection = 4;

    public static (List<int> Members, List<int> Shared)[] Cluster(Matrix points, int k, LayerSettings settings, int layer, CancellationToken cancellationToken)
    {
        int directions = Math.Min(Math.Min(MostDirections, points.Dimension), Math.Max(1, points.Rows / ItemsOfDirection));
        var options = new GaussianMixtureOptions
        {
            Components = k,
            PrincipalDirections = directions < points.Dimension ? directions : 0,
            Seed = settings.Seed + (ulong)layer,
            Threads = settings.Threads,
        };
        GaussianMixtureModel model = GaussianMixture.Fit(points, options, cancellationToken: cancellationToken);
        int[] own = model.Assign(points, settings.Threads, cancellationToken);
        var clusters = new (List<int> Members, List<int> Shared)[k];
        for (int i = 0; i < k; i++)
            clusters[i] = ([], []);
        foreach (MixtureMembership membership in model.Memberships(points, Threshold, settings.Threads, cancellationToken))
        {
            clusters[membership.Component].Members.Add(membership.Vector);
            if (own[membership.Vector] != membership.Component)
                clusters[membership.Component].Shared.Add(membership.Vector);
        }

        return clusters;
    }
}

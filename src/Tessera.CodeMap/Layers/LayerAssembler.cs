using Tessera.CodeMap.Storage;

namespace Tessera.CodeMap.Layers;

/// <summary>Puts numbers, ids, parents, sizes and labels to the clusters.</summary>
internal static class LayerAssembler
{
    /// <param name="layers">From layer 1 up.</param>
    /// <param name="words">The telling words of each.</param>
    /// <param name="map">The repository; empty for none.</param>
    /// <param name="churn">Of layer 1, how many members came or went since it was clustered; null where it was clustered just now.</param>
    public static CodeLayer[] Assemble(IReadOnlyList<RawCluster[]> layers, string[][][] words, string map, int[]? churn = null)
    {
        var assembled = new CodeLayer[layers.Count];
        for (int i = 0; i < layers.Count; i++)
        {
            int layer = i + 1;
            int[] parents = i + 1 < layers.Count ? ParentsOf(layers[i].Length, layers[i + 1]) : [];
            assembled[i] = new CodeLayer(layer, [.. layers[i].Select((cluster, number) => new CodeCluster
            {
                Id = new ClusterId(layer, number, map).ToString(),
                StableLabel = $"layer{layer}-cluster-{number}",
                Label = string.Join(", ", words[layer - 1][number]),
                Words = words[layer - 1][number],
                Layer = layer,
                Number = number,
                Members = cluster.Members,
                Parent = parents.Length == 0 ? null : parents[number],
                Size = layer == 1 ? cluster.Members.Length : cluster.Own.Sum(member => assembled[layer - 2].Clusters[member].Size),
                Centroid = cluster.Centroid,
                Shared = cluster.Shared,
                Churn = layer == 1 && churn is not null ? churn[number] : 0,
            })]);
        }

        return assembled;
    }

    private static int[] ParentsOf(int clusters, RawCluster[] above)
    {
        var parents = new int[clusters];
        for (int parent = 0; parent < above.Length; parent++)
        {
            foreach (int member in above[parent].Own)
                parents[member] = parent;
        }

        return parents;
    }
}

namespace Tessera.CodeMap.Layers;

/// <summary>Puts numbers, ids, parents, sizes and labels to the clusters.</summary>
internal static class LayerAssembler
{
    public static CodeLayer[] Assemble(List<RawCluster[]> layers, string[][][] words, string? repository)
    {
        string suffix = repository is null ? "" : $"::repo::{repository}";
        var assembled = new CodeLayer[layers.Count];
        for (int i = 0; i < layers.Count; i++)
        {
            int layer = i + 1;
            int[] parents = i + 1 < layers.Count ? ParentsOf(layers[i].Length, layers[i + 1]) : [];
            assembled[i] = new CodeLayer(layer, [.. layers[i].Select((cluster, number) => new CodeCluster
            {
                Id = $"hirag::layer{layer}::{number}{suffix}",
                StableLabel = $"layer{layer}-cluster-{number}",
                Label = string.Join(", ", words[layer - 1][number]),
                Words = words[layer - 1][number],
                Layer = layer,
                Number = number,
                Members = cluster.Members,
                Parent = parents.Length == 0 ? null : parents[number],
                Size = layer == 1 ? cluster.Members.Length : cluster.Members.Sum(member => assembled[layer - 2].Clusters[member].Size),
                Centroid = cluster.Centroid,
            })]);
        }

        return assembled;
    }

    private static int[] ParentsOf(int clusters, RawCluster[] above)
    {
        var parents = new int[clusters];
        for (int parent = 0; parent < above.Length; parent++)
        {
            foreach (int member in above[parent].Members)
                parents[member] = parent;
        }

        return parents;
    }
}

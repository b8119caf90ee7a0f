using Tessera.CodeMap;
using Tessera.CodeMap.Layers;

namespace Tessera.Cli.Demo;

/// <summary>A cluster with what it is made of.</summary>
/// <param name="Id">Its id in the map.</param>
/// <param name="Layer">Its layer, from 1.</param>
/// <param name="Label">Its telling words.</param>
/// <param name="Size">Entities in it.</param>
/// <param name="Clusters">The clusters in it, largest first; empty in layer 1.</param>
/// <param name="Examples">In layer 1 the entities that stand for it; else empty.</param>
internal sealed record DemoCluster(
    string Id, int Layer, string Label, int Size, IReadOnlyList<DemoCluster> Clusters, IReadOnlyList<DemoEntity> Examples)
{
    private const int ExampleCount = 3;

    public static DemoCluster Of(CodeMapSnapshot map, CodeCluster cluster) => new(
        cluster.Id,
        cluster.Layer,
        cluster.Label,
        cluster.Size,
        cluster.Layer == 1
            ? []
            : [.. cluster.Members
                .Select(member => map.Layers[cluster.Layer - 2].Clusters[member])
                .OrderByDescending(member => member.Size)
                .Select(member => Of(map, member))],
        cluster.Layer == 1 ? [.. map.Examples(cluster, ExampleCount).Select(DemoEntity.Of)] : []);
}

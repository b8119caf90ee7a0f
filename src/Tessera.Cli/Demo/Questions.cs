using Tessera.CodeMap;
using Tessera.CodeMap.Layers;

namespace Tessera.Cli.Demo;

/// <summary>What the demo asks when nobody says.</summary>
internal static class Questions
{
    private const int Count = 3;

    private static readonly string[] OfTessera =
    [
        "where are vectors read from files",
        "squared distances with SIMD",
        "choose the first centroids",
    ];

    /// <summary>Questions that make sense for a map: of an unknown tree, the words of its largest clusters.</summary>
    public static string[] For(CodeMapSnapshot map)
    {
        if (SourceTreeFinder.IsTessera(map.Root))
            return OfTessera;
        CodeLayer? layer = map.Layers.LastOrDefault(layer => layer.Clusters.Count >= Count);
        return layer is null
            ? [.. map.Entities.Select(entity => entity.Name).Distinct().Take(Count)]
            : [.. layer.Clusters.OrderByDescending(cluster => cluster.Size).Take(Count).Select(cluster => string.Join(' ', cluster.Words))];
    }
}

using Tessera.CodeMap.Layers;

namespace Tessera.CodeMap.Retrieval;

/// <summary>What the entities beneath a cluster or in a folder say together for its being the answer.</summary>
internal sealed class Evidence
{
    // The score of an entity beside the best, to this power: many that share half of a question are less than few that share all.
    private const int Power = 4;

    private readonly CodeMapSnapshot _map;
    private readonly float[] _entities;
    private readonly float[][] _layers;

    /// <param name="map">The map.</param>
    /// <param name="scores">The scores of its entities, at least 0.</param>
    public Evidence(CodeMapSnapshot map, float[] scores)
    {
        _map = map;
        float best = scores.Length == 0 ? 0 : scores.Max();
        _entities = [.. scores.Select(score => best > 0 ? MathF.Pow(score / best, Power) : 0)];
        _layers = new float[map.Layers.Count][];
        float[] below = _entities;
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            float[] members = below;
            below = _layers[layer] = [.. map.Layers[layer].Clusters.Select(cluster => cluster.Members.Sum(member => members[member]))];
        }
    }

    /// <summary>The evidence for a cluster: the sum over its entities by the root of their number, between the sum, by which the largest always wins, and the mean, by which the smallest does.</summary>
    public float Of(CodeCluster cluster) => _layers[cluster.Layer - 1][cluster.Number] / MathF.Sqrt(cluster.Size);

    /// <summary>The folders that the entities of clusters lie in, by the sum of their evidence, best first.</summary>
    /// <param name="clusters">Clusters of layer 1.</param>
    public IEnumerable<FolderAnswer> Folders(IEnumerable<CodeCluster> clusters)
    {
        int[] members = [.. clusters.SelectMany(cluster => cluster.Members).Distinct()];
        float all = members.Sum(member => _entities[member]);
        return members
            .GroupBy(member => _map.Entities[member].Folder, StringComparer.Ordinal)
            .Select(folder => new FolderAnswer(folder.Key, all > 0 ? folder.Sum(member => _entities[member]) / all : 0))
            .OrderByDescending(folder => folder.Score)
            .ThenBy(folder => folder.Path, StringComparer.Ordinal);
    }
}

using Tessera.Vectors;

namespace Tessera.CodeMap.Layers;

/// <summary>
/// Takes layers along when entities change: those that stay keep their cluster, the others go to the nearest one. Only clusters that
/// have changed by much are clustered again, among themselves; when that changes which clusters there are, the layers above, which
/// are small, are built again.
/// </summary>
internal sealed class LayerPatcher(LayerSettings settings, Action<string>? log, CancellationToken cancellationToken)
{
    // Members that may come or go, as a share of those that there are, before a cluster is clustered again.
    private const double MostChurn = 0.5;

    /// <summary>Makes the layers over the entities as they are now.</summary>
    /// <param name="old">The map before.</param>
    /// <param name="map">The entities and their vectors now.</param>
    /// <param name="cameFrom">For each entity its position in the old map, or -1 where it is new or different.</param>
    public LayerPatch Patch(CodeMapSnapshot old, CodeMapSnapshot map, int[] cameFrom)
    {
        IReadOnlyList<CodeCluster> clusters = old.Layers[0].Clusters;
        var members = new List<int>[clusters.Count];
        var shared = new List<int>[clusters.Count];
        int[] churn = [.. clusters.Select(cluster => cluster.Churn)];
        int[] gone = new int[clusters.Count], came = new int[clusters.Count];
        var now = new int[old.Entities.Count];
        Array.Fill(now, -1);
        for (int entity = 0; entity < cameFrom.Length; entity++)
        {
            if (cameFrom[entity] >= 0)
                now[cameFrom[entity]] = entity;
        }

        for (int number = 0; number < clusters.Count; number++)
        {
            members[number] = [.. clusters[number].Members.Select(member => now[member]).Where(entity => entity >= 0)];
            shared[number] = [.. clusters[number].Shared.Select(member => now[member]).Where(entity => entity >= 0)];
            gone[number] = clusters[number].Members.Count - members[number].Count;
        }

        int[] touched = [.. Enumerable.Range(0, cameFrom.Length).Where(entity => cameFrom[entity] < 0)];
        Matrix vectors = map.VectorsOf(touched);
        foreach (int entity in touched)
        {
            int nearest = Nearest(clusters, vectors[entity]);
            members[nearest].Add(entity);
            came[nearest]++;
        }

        // One that changed and comes back counts once.
        for (int number = 0; number < clusters.Count; number++)
            churn[number] += Math.Max(gone[number], came[number]);

        int[] worn = [.. Enumerable.Range(0, clusters.Count).Where(number => members[number].Count == 0 || churn[number] > MostChurn * members[number].Count)];
        RawCluster Kept(int number)
        {
            int[] all = [.. members[number].Order()];
            bool isSame = churn[number] == clusters[number].Churn;
            return new RawCluster(all, isSame ? clusters[number].Centroid.ToArray() : LayerBuilder.Centroid(map.VectorsOf(all), all), [.. shared[number].Order()]);
        }

        if (worn.Length == 0)
        {
            RawCluster[] first = [.. Enumerable.Range(0, clusters.Count).Select(Kept)];
            return new LayerPatch([first, .. Above(old, first)], churn, IsSameShape: true, old.Termination);
        }

        log?.Invoke($"{worn.Length} of {clusters.Count} clusters of layer 1 have changed by much and are clustered again");
        RawCluster[] kept = [.. Enumerable.Range(0, clusters.Count).Except(worn).Select(Kept)];
        int[] keptChurn = [.. Enumerable.Range(0, clusters.Count).Except(worn).Select(number => churn[number])];
        RawCluster[] fresh = Recluster(map, [.. worn.SelectMany(number => members[number].Except(shared[number])).Distinct().Order()], worn.Length);
        RawCluster[] ground = [.. kept, .. fresh];
        var (layers, termination) = new LayerBuilder(settings).BuildUpperLayers(ground, vectors.Dimension, null, log, cancellationToken);
        return new LayerPatch(layers, [.. keptChurn, .. new int[fresh.Length]], IsSameShape: false, termination);
    }

    /// <summary>The layers above with the members that they had, and the centroids that these have now.</summary>
    private static List<RawCluster[]> Above(CodeMapSnapshot old, RawCluster[] ground)
    {
        var layers = new List<RawCluster[]>();
        RawCluster[] below = ground;
        foreach (CodeLayer layer in old.Layers.Skip(1))
        {
            Matrix centroids = LayerBuilder.Centroids(below, ground[0].Centroid.Length);
            below = [.. layer.Clusters.Select(cluster => new RawCluster([.. cluster.Members], LayerBuilder.Centroid(centroids, cluster.Members), [.. cluster.Shared]))];
            layers.Add(below);
        }

        return layers;
    }

    /// <summary>Clusters some entities into about as many clusters as they were in.</summary>
    private RawCluster[] Recluster(CodeMapSnapshot map, int[] entities, int clusters)
    {
        Matrix vectors = map.VectorsOf(entities);
        if (entities.Length == 0)
            return [];
        int usual = (int)Math.Round(entities.Length / Math.Max(1.0, Math.Sqrt(vectors.Rows)), MidpointRounding.AwayFromZero);
        int k = Math.Clamp(Math.Min(Math.Max(1, usual), 2 * clusters), 1, entities.Length);
        if (k == 1)
            return [new RawCluster(entities, LayerBuilder.Centroid(vectors, entities), [])];
        var values = new float[entities.Length * vectors.Dimension];
        for (int i = 0; i < entities.Length; i++)
            vectors[entities[i]].CopyTo(values.AsSpan(i * vectors.Dimension));
        var rows = new Matrix(values, vectors.Dimension);
        return [.. new LayerBuilder(settings).BuildLayer(rows, k, 1, cancellationToken)
            .Select(cluster => cluster with { Members = [.. cluster.Members.Select(member => entities[member])], Shared = [.. cluster.Shared.Select(member => entities[member])] })];
    }

    private static int Nearest(IReadOnlyList<CodeCluster> clusters, ReadOnlySpan<float> vector)
    {
        int nearest = 0;
        float best = float.NegativeInfinity;
        for (int number = 0; number < clusters.Count; number++)
        {
            float product = Product.Of(vector, clusters[number].Centroid.Span);
            if (product > best)
                (nearest, best) = (number, product);
        }

        return nearest;
    }
}

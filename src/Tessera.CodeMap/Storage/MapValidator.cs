using Tessera.CodeMap.Layers;

namespace Tessera.CodeMap.Storage;

/// <summary>Looks a map over before it takes the place of the one before.</summary>
internal static class MapValidator
{
    /// <exception cref="InvalidDataException">It is not whole; the message says where.</exception>
    public static void Validate(CodeMapSnapshot map)
    {
        int below = map.Entities.Count;
        foreach (CodeLayer layer in map.Layers)
        {
            var own = new int[below];
            foreach (CodeCluster cluster in layer.Clusters)
            {
                if (cluster.Members.Count == 0 || cluster.Centroid.Span.ContainsAny(float.NaN, float.PositiveInfinity, float.NegativeInfinity))
                    throw new InvalidDataException($"{cluster.Id} has no members, or no centroid; the map before is kept.");
                foreach (int member in cluster.Members)
                    own[member]++;
                foreach (int member in cluster.Shared)
                    own[member]--;
            }

            int stray = own.AsSpan().IndexOfAnyExcept(1);
            if (stray >= 0)
                throw new InvalidDataException($"Number {stray} of layer {layer.Number - 1} belongs to {own[stray]} clusters of layer {layer.Number} and not to one; the map before is kept.");
            below = layer.Clusters.Count;
        }
    }
}

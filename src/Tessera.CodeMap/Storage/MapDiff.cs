using System.Runtime.InteropServices;
using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;

namespace Tessera.CodeMap.Storage;

/// <summary>What a store must change to turn one map into another.</summary>
internal static class MapDiff
{
    /// <param name="old">What the store holds; null where everything is to be replaced.</param>
    /// <param name="map">What it shall hold.</param>
    /// <param name="head">The new head.</param>
    /// <param name="from">The generation that the store has.</param>
    public static MapChange Between(CodeMapSnapshot? old, CodeMapSnapshot map, MapHead head, long from)
    {
        bool keepsVectors = head.Embedder != CodeMapReader.TokenEmbedder;
        Dictionary<(string, string), FileRecord> files = (old?.Contents.Files ?? []).ToDictionary(file => (file.Repository, file.Path));
        HashSet<(string, string)> filesNow = [.. map.Contents.Files.Select(file => (file.Repository, file.Path))];
        FileRecord[] putFiles = [.. map.Contents.Files.Where(file => !files.TryGetValue((file.Repository, file.Path), out FileRecord? before) || before.Hash != file.Hash)];

        var before = new Dictionary<int, CodeEntity>();
        for (int i = 0; i < (old?.Entities.Count ?? 0); i++)
            before[old!.Lineage.Numbers[i]] = old.Entities[i];
        HashSet<int> numbersNow = [.. map.Lineage.Numbers];
        HashSet<(string, string)> texts = [.. putFiles.Select(file => (file.Repository, file.Path))];
        var putEntities = new List<EntityRecord>();
        for (int i = 0; i < map.Entities.Count; i++)
        {
            if (!before.TryGetValue(map.Lineage.Numbers[i], out CodeEntity? known) || (known != map.Entities[i] && texts.Contains((known.Repository, known.Path))))
                putEntities.Add(RecordOf(map, i, keepsVectors));
        }

        Dictionary<string, ClusterRecord> clusters = (old is null ? [] : Clusters(old, head.Map)).ToDictionary(cluster => cluster.Id, StringComparer.Ordinal);
        ClusterRecord[] clustersNow = [.. Clusters(map, head.Map)];
        HashSet<string> idsNow = [.. clustersNow.Select(cluster => cluster.Id)];
        return new MapChange
        {
            Head = head,
            From = from,
            IsWhole = old is null,
            PutFiles = putFiles,
            RemovedFiles = [.. files.Keys.Where(file => !filesNow.Contains(file))],
            PutEntities = putEntities,
            RemovedEntities = [.. before.Keys.Where(number => !numbersNow.Contains(number))],
            PutClusters = [.. clustersNow.Where(cluster => !clusters.TryGetValue(cluster.Id, out ClusterRecord? known) || !IsSame(known, cluster))],
            RemovedClusters = [.. clusters.Keys.Where(id => !idsNow.Contains(id))],
            PutBlobs = map.Words.Blobs.Where(blob => old is null || !old.Words.Blobs.ContainsKey(blob.Key)).ToDictionary(blob => blob.Key, blob => blob.Value),
        };
    }

    private static EntityRecord RecordOf(CodeMapSnapshot map, int position, bool keepsVector)
    {
        CodeEntity entity = map.Entities[position];
        // The source is a view of the file's text, and says where.
        if (!MemoryMarshal.TryGetString(entity.Source, out _, out int offset, out int length))
            throw new InvalidOperationException($"The source of {entity.Id} is no view of its file.");
        return new EntityRecord
        {
            Number = map.Lineage.Numbers[position],
            Id = entity.Id,
            Repository = entity.Repository,
            Path = entity.Path,
            Scope = entity.Scope,
            Kind = entity.Kind.ToString().ToLowerInvariant(),
            Name = entity.Name,
            Ordinal = entity.Ordinal,
            StartLine = entity.StartLine,
            EndLine = entity.EndLine,
            Offset = offset,
            Length = length,
            Documentation = entity.Documentation,
            ContentHash = entity.ContentHash,
            Mentions = string.Join('\n', map.Contents.Mentions[position]),
            Tokens = TokenBytes.Of(map.Contents.Tokens[position]),
            Vector = keepsVector ? MemoryMarshal.AsBytes(map.Vectors[position]).ToArray() : ReadOnlyMemory<byte>.Empty,
        };
    }

    private static IEnumerable<ClusterRecord> Clusters(CodeMapSnapshot map, string name)
    {
        string[][] repositoriesBelow = [.. map.Entities.Select(entity => new[] { entity.Repository })];
        foreach (CodeLayer layer in map.Layers)
        {
            string[][] repositories = [.. layer.Clusters.Select(cluster => cluster.Members.SelectMany(member => repositoriesBelow[member]).Distinct().Order(StringComparer.Ordinal).ToArray())];
            foreach (CodeCluster cluster in layer.Clusters)
                yield return RecordOf(map, cluster, name, repositories[cluster.Number]);
            repositoriesBelow = repositories;
        }
    }

    private static ClusterRecord RecordOf(CodeMapSnapshot map, CodeCluster cluster, string name, string[] repositories)
    {
        return new ClusterRecord
        {
            Id = cluster.Id,
            StableLabel = cluster.StableLabel,
            Label = cluster.Label,
            Summary = cluster.Summary,
            Members = Ids(cluster.Members),
            Centroid = MemoryMarshal.TryGetArray(cluster.Centroid, out ArraySegment<float> centroid) && centroid.Count == centroid.Array!.Length ? centroid.Array : cluster.Centroid.ToArray(),
            MemberRepos = repositories,
            Layer = cluster.Layer,
            Number = cluster.Number,
            Words = cluster.Words,
            Shared = Ids(cluster.Shared),
            Size = cluster.Size,
            Hash = cluster.Hash,
            Churn = cluster.Churn,
        };

        string[] Ids(IReadOnlyList<int> members) =>
            [.. members.Select(member => new ClusterId(cluster.Layer - 1, cluster.Layer == 1 ? map.Lineage.Numbers[member] : member, name).ToString())];
    }

    private static bool IsSame(ClusterRecord left, ClusterRecord right) =>
        left.Hash == right.Hash && left.Label == right.Label && left.Summary == right.Summary && left.Churn == right.Churn && left.Size == right.Size
        && left.Members.SequenceEqual(right.Members) && left.Shared.SequenceEqual(right.Shared) && left.MemberRepos.SequenceEqual(right.MemberRepos)
        && left.Words.SequenceEqual(right.Words) && left.Centroid.SequenceEqual(right.Centroid);
}

using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Storage;

namespace Tessera.Stores.Tests.CodeMap;

/// <summary>Small made-up maps.</summary>
internal static class StoredMaps
{
    public static IEqualityComparer<EntityRecord> SameEntity { get; } = EqualityComparer<EntityRecord>.Create((left, right) => Describe(left!) == Describe(right!));

    public static string Id(int layer, int number, string map) => new ClusterId(layer, number, map).ToString();

    /// <summary>The first generation of a map: four entities in two files, twelve clusters in layer 1 and one in layer 10.</summary>
    public static MapChange First(string map) => new()
    {
        Head = new MapHead
        {
            Map = map,
            Generation = 1,
            Root = "/src/" + map,
            BuiltAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Files = 2,
            Embedder = "tokens",
            Dimension = 3,
            Settings = "k=0",
            Fitted = 4,
            NextNumber = 4,
            Termination = new LayerTermination(TerminationReason.TooFewClusters, 10, "layer 10 has 1 clusters, fewer than the 3 that another layer needs"),
        },
        From = 0,
        PutFiles = [new FileRecord(map, "a.cs", "1", "class A\r\n{ \"quoted\" 'ünïcödé' \t 𝄞 }"), new FileRecord(map, "b.cs", "1", "")],
        PutEntities = [.. Enumerable.Range(0, 4).Select(number => Entity(map, number))],
        PutClusters = [.. Enumerable.Range(0, 12).Select(number => Cluster(map, 1, number)), Cluster(map, 10, 0)],
        PutBlobs = new Dictionary<string, ReadOnlyMemory<byte>> { ["weights"] = new byte[] { 0, 1, 254, 255 } },
    };

    /// <summary>A generation that is wholly new and says in every record which one it is.</summary>
    public static MapChange Whole(MapChange first, int generation) => first with
    {
        Head = first.Head with { Generation = generation },
        From = generation - 1,
        IsWhole = true,
        PutFiles = [.. first.PutFiles.Select(file => file with { Hash = $"{generation}" })],
        PutEntities = [.. first.PutEntities.Select(entity => entity with { Name = $"{generation}" })],
        PutClusters = [.. first.PutClusters.Select(cluster => cluster with { Hash = $"{generation}" })],
    };

    public static string Describe(EntityRecord entity) => string.Join('|',
        entity.Number, entity.Id, entity.Repository, entity.Path, entity.Scope, entity.Kind, entity.Name, entity.Ordinal, entity.StartLine, entity.EndLine, entity.Offset, entity.Length,
        entity.Documentation, entity.ContentHash, entity.Mentions, Convert.ToHexString(entity.Tokens.Span), Convert.ToHexString(entity.Vector.Span));

    public static string Describe(ClusterRecord cluster) => string.Join('|',
        cluster.Id, cluster.StableId, cluster.StableLabel, cluster.Label, cluster.Summary, string.Join(' ', cluster.Members), string.Join(' ', cluster.Centroid), cluster.CentroidLength,
        string.Join(' ', cluster.MemberRepos), cluster.Layer, cluster.Number, string.Join(' ', cluster.Words), string.Join(' ', cluster.Shared), cluster.Size, cluster.Hash, cluster.Churn);

    private static EntityRecord Entity(string map, int number) => new()
    {
        Number = number,
        Id = $"{map}:a.cs#A/method:M{number}:0",
        Repository = map,
        Path = "a.cs",
        Scope = "A",
        Kind = "method",
        Name = "1",
        Ordinal = 0,
        StartLine = number + 1,
        EndLine = number + 2,
        Offset = number,
        Length = 3,
        Documentation = number == 0 ? "" : $"Does {number} things, it's \"said\".",
        ContentHash = $"{number:x32}",
        Mentions = "Alpha\nBeta",
        Tokens = new byte[] { 1, 2, 3, (byte)number },
        Vector = number == 3 ? ReadOnlyMemory<byte>.Empty : new byte[] { 0, 0, 128, 63 },
    };

    private static ClusterRecord Cluster(string map, int layer, int number) => new()
    {
        Id = Id(layer, number, map),
        StableLabel = $"layer{layer}-cluster-{number}",
        Label = "alpha, beta",
        Summary = $"Says what {number} is about.",
        Members = [Id(layer - 1, 0, map), Id(layer - 1, 1, map)],
        Centroid = [0.6f, -0.8f, 1e-30f],
        MemberRepos = [map],
        Layer = layer,
        Number = number,
        Words = ["alpha", "beta"],
        Shared = number == 2 ? [Id(layer - 1, 1, map)] : [],
        Size = 2,
        Hash = "1",
        Churn = number,
    };
}

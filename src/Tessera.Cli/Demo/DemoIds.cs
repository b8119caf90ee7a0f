using System.Globalization;
using Tessera.CodeMap;
using Tessera.Quantization;
using Tessera.SemanticIds;
using Tessera.SemanticIds.Quality;
using Tessera.SemanticIds.Tries;
using Tessera.SemanticIds.Uniqueness;

namespace Tessera.Cli.Demo;

/// <summary>Semantic ids of the entities: code that is alike has ids that begin alike.</summary>
/// <param name="Levels">Levels of the ids.</param>
/// <param name="Clusters">Codes of each level.</param>
/// <param name="Collisions">1 - unique / entities, before ids were made unique.</param>
/// <param name="Perplexity">Codes of each level, weighed by use.</param>
/// <param name="Prefix">A beginning that some entities share.</param>
/// <param name="Alike">Entities under it.</param>
internal sealed record DemoIds(int Levels, int Clusters, double Collisions, IReadOnlyList<double> Perplexity, string Prefix, IReadOnlyList<DemoId> Alike)
{
    private const int LevelCount = 3;
    private const int MostClusters = 64;
    private const int MostShown = 5;

    /// <summary>Learns ids; null for code of too few entities.</summary>
    public static DemoIds? Of(CodeMapSnapshot map, ulong seed, int threads, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int clusters = Math.Min(MostClusters, map.Entities.Count / 8);
        if (clusters < 2)
            return null;
        var encoder = new RQKMeans(new RQKMeansOptions { Levels = LevelCount, Clusters = [clusters], Iterations = 25, Seed = seed });
        encoder.Fit(map.Vectors, threads, progress, cancellationToken);
        SemanticCodes codes = encoder.Encode(map.Vectors, threads, null, cancellationToken);
        SemanticIdQuality quality = SemanticIdQuality.Measure(encoder, map.Vectors, new QualityOptions { Queries = 1, Pairs = 2 }, 0, threads, cancellationToken);
        using var store = new InMemoryCollisionStore();
        string[] ids = new UniqueIdResolver(store).Resolve(encoder.SemanticId(codes), [.. map.Entities.Select(entity => entity.Id)], null, null, cancellationToken);
        var trie = new SemanticIdTrie(Enumerable.Range(0, ids.Length).Select(i => KeyValuePair.Create(i.ToString(CultureInfo.InvariantCulture), SemanticIdFormat.Plain.Parse(ids[i])!)));
        // A beginning under which about as many lie as are shown.
        int[] prefix = Enumerable.Range(0, codes.Rows).Select(row => codes[row][..2].ToArray())
            .OrderBy(pair => Math.Abs(trie.CountUnder(pair) - MostShown)).ThenBy(pair => pair[0]).ThenBy(pair => pair[1]).First();
        return new DemoIds(
            LevelCount,
            clusters,
            Math.Round(quality.CollisionRate, 4),
            [.. quality.Levels.Select(level => Math.Round(level.Perplexity, 1))],
            SemanticIdFormat.Plain.Write(prefix),
            [.. trie.Under(prefix, MostShown).Select(found => int.Parse(found.Item, CultureInfo.InvariantCulture)).Select(i => new DemoId(ids[i], DemoEntity.Of(map.Entities[i])))]);
    }
}

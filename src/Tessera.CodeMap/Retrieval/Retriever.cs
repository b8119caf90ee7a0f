using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Graph;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Retrieval;

/// <summary>Answers questions from a map: by vectors, by words, down the layers, and across them.</summary>
internal sealed class Retriever(CodeMapSnapshot map, IReadOnlyList<WeightedToken[]> tokens)
{
    // Enough that a page of tests before the code does not hide it.
    private const int LeastCandidates = 200;

    // Clusters of a layer whose members are looked at in the layer below.
    private const int BeamOfLayer = 6;

    // Clusters that a question is taken to be about, where what lies between them is asked for.
    private const int BridgedClusters = 4;

    private const int LettersOfToken = 4;

    private readonly Bm25Index _words = new(tokens);
    private HybridScorer? _scorer;

    private HybridScorer Scorer => LazyInitializer.EnsureInitialized(ref _scorer, () => new HybridScorer(map, _words));

    public RetrievalResult Retrieve(string text, RetrievalOptions options)
    {
        var query = new float[map.Vectors.Dimension];
        if (!map.Embed(text, query))
            return new RetrievalResult(options.Mode, [], [], [], []);
        return options.Mode switch
        {
            RetrievalMode.Local => Entities(options, Fit(map.Query(text, Candidates(options)), options)),
            RetrievalMode.Hybrid => Entities(options, Fit(Hybrid(Scorer.Score(text, query)), options)),
            RetrievalMode.Words => Entities(options, Fit(Words(text, Candidates(options)), options)),
            RetrievalMode.Global => Global(Scorer.Score(text, query), options),
            _ => Bridge(text, query, options),
        };
    }

    private List<CodeAnswer> Words(string text, int count)
    {
        bool asksForTests = CodeMapSnapshot.AsksForTests(text);
        return [.. _words.Search(map.KnownTokens(text), Math.Max(LeastCandidates, count))
            .Select(found => Answer(found.Document, found.Score * map.ShareOf(found.Document, asksForTests)))
            .OrderByDescending(answer => answer.Score)
            .Take(count)];
    }

    private IEnumerable<CodeAnswer> Hybrid(float[] scores) => Enumerable.Range(0, scores.Length)
        .Where(entity => scores[entity] > 0)
        .OrderByDescending(entity => scores[entity])
        .ThenBy(entity => entity)
        .Select(entity => Answer(entity, scores[entity]));

    /// <summary>Clusters by what all of their members together say for them, then folders likewise: no single entity names one.</summary>
    private RetrievalResult Global(float[] scores, RetrievalOptions options)
    {
        var evidence = new Evidence(map, scores);
        List<ClusterAnswer> clusters = Descend(evidence, options.Limit);
        // The best entity of each cluster, then the second of each, and so on.
        var ranked = clusters
            .SelectMany(answer => answer.Cluster.Members
                .OrderByDescending(member => scores[member])
                .ThenBy(member => member)
                .Select((member, rank) => (Rank: rank, Member: member)))
            .OrderBy(member => member.Rank)
            .Select(member => Answer(member.Member, scores[member.Member]));
        FolderAnswer[] folders = [.. evidence.Folders(clusters.Select(answer => answer.Cluster)).Take(options.Limit)];
        return new RetrievalResult(options.Mode, Fit(ranked, options), clusters, [], folders);
    }

    private RetrievalResult Bridge(string text, float[] query, RetrievalOptions options)
    {
        List<ClusterAnswer> clusters = Descend(new Evidence(map, Scorer.Score(text, query)), BridgedClusters);
        HashSet<int> asked = [.. clusters.Select(answer => answer.Cluster.Number)];
        var bridges = new List<CodeBridge>();
        foreach (CodeEdge edge in map.Edges)
        {
            int from = map.ClusterOfEntity[edge.From], to = map.ClusterOfEntity[edge.To];
            if (from == to || !asked.Contains(from) || !asked.Contains(to))
                continue;
            float score = edge.Weight * Math.Max(0, Product.Of(map.Vectors[edge.From], query) + Product.Of(map.Vectors[edge.To], query));
            if (score > 0)
                bridges.Add(new CodeBridge(map.Entities[edge.From], map.Entities[edge.To], map.Layers[0].Clusters[from], map.Layers[0].Clusters[to], Common(edge.From, edge.To), score));
        }

        CodeBridge[] best = [.. bridges.OrderByDescending(bridge => bridge.Score).ThenBy(bridge => bridge.From.Id, StringComparer.Ordinal).ThenBy(bridge => bridge.To.Id, StringComparer.Ordinal).Take(options.Limit)];
        return new RetrievalResult(options.Mode, [], clusters, best, []);
    }

    /// <summary>The clusters of layer 1 that are reached from the top by the best of each layer.</summary>
    private List<ClusterAnswer> Descend(Evidence evidence, int count)
    {
        if (map.Layers.Count == 0)
            return [];
        IEnumerable<CodeCluster> reached = map.Layers[^1].Clusters;
        for (int layer = map.Layers.Count - 1; layer > 0; layer--)
        {
            IReadOnlyList<CodeCluster> below = map.Layers[layer - 1].Clusters;
            reached = [.. Best(reached, BeamOfLayer).SelectMany(cluster => cluster.Members).Distinct().Select(number => below[number])];
        }

        return [.. Best(reached, count).Select(cluster => new ClusterAnswer(cluster, evidence.Of(cluster), map.PathOf(cluster.Members[0]), FolderOf(cluster)))];

        IEnumerable<CodeCluster> Best(IEnumerable<CodeCluster> clusters, int best) =>
            clusters.OrderByDescending(evidence.Of).ThenBy(cluster => cluster.Number).Take(best);
    }

    private string FolderOf(CodeCluster cluster) => cluster.Members
        .GroupBy(member => map.Entities[member].Folder, StringComparer.Ordinal)
        .OrderByDescending(folder => folder.Count())
        .ThenBy(folder => folder.Key, StringComparer.Ordinal)
        .First().Key;

    private CodeCluster? Common(int from, int to)
    {
        CodeCluster? common = null;
        foreach ((CodeCluster a, CodeCluster b) in map.PathOf(from).Zip(map.PathOf(to)))
        {
            if (a != b)
                break;
            common = a;
        }

        return common;
    }

    private CodeAnswer Answer(int number, float score) => new(map.Entities[number], score, map.PathOf(number));

    private static RetrievalResult Entities(RetrievalOptions options, IReadOnlyList<CodeAnswer> entities) => new(options.Mode, entities, [], [], []);

    /// <summary>More than are wanted where some may not fit the budget.</summary>
    private static int Candidates(RetrievalOptions options) => options.Budget == 0 ? options.Limit : 4 * options.Limit;

    private static List<CodeAnswer> Fit(IEnumerable<CodeAnswer> answers, RetrievalOptions options)
    {
        var fitting = new List<CodeAnswer>();
        long left = options.Budget == 0 ? long.MaxValue : (long)options.Budget * LettersOfToken;
        foreach (CodeAnswer answer in answers)
        {
            if (fitting.Count == options.Limit)
                break;
            int letters = answer.Entity.Source.Length + answer.Entity.Documentation.Length;
            if (letters > left)
                continue;
            left -= letters;
            fitting.Add(answer);
        }

        return fitting;
    }
}

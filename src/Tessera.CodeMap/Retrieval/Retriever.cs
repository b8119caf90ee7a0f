using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Graph;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Retrieval;

/// <summary>Answers questions from a map: by vectors, by words, down the layers, and across them.</summary>
internal sealed class Retriever(CodeMapSnapshot map, IReadOnlyList<WeightedToken[]> tokens)
{
    // Enough of either list that what both hold is found in both.
    private const int FusedEach = 200;

    // What the vectors count; the rest is the words'. Chosen by docstrings of flask and tantivy.
    private const float ShareOfVectors = 0.7f;

    // Clusters of a layer whose members are looked at in the layer below.
    private const int BeamOfLayer = 6;

    // Clusters that a question is taken to be about, where what lies between them is asked for.
    private const int BridgedClusters = 4;

    private const int LettersOfToken = 4;

    private readonly Bm25Index _words = new(tokens);

    public RetrievalResult Retrieve(string text, RetrievalOptions options)
    {
        var query = new float[map.Vectors.Dimension];
        if (!map.Embed(text, query))
            return new RetrievalResult(options.Mode, [], [], []);
        return options.Mode switch
        {
            RetrievalMode.Local => Entities(options, Fit(map.Query(text, Candidates(options)), options)),
            RetrievalMode.Hybrid => Entities(options, Fit(Hybrid(text, Candidates(options)), options)),
            RetrievalMode.Words => Entities(options, Fit(Words(text, Candidates(options)), options)),
            RetrievalMode.Global => Global(query, options),
            _ => Bridge(query, options),
        };
    }

    private List<CodeAnswer> Words(string text, int count)
    {
        bool asksForTests = CodeMapSnapshot.AsksForTests(text);
        return [.. _words.Search(map.KnownTokens(text), Math.Max(FusedEach, count))
            .Select(found => Answer(found.Document, found.Score * map.ShareOf(found.Document, asksForTests)))
            .OrderByDescending(answer => answer.Score)
            .Take(count)];
    }

    /// <summary>Words and vectors, each scaled by its best: what both find comes first.</summary>
    private List<CodeAnswer> Hybrid(string text, int count)
    {
        bool asksForTests = CodeMapSnapshot.AsksForTests(text);
        var scores = new Dictionary<int, float>();
        Add(map.Nearest(text, Math.Max(FusedEach, count)), ShareOfVectors);
        Add(_words.Search(map.KnownTokens(text), Math.Max(FusedEach, count)), 1 - ShareOfVectors);
        return [.. scores
            .Select(score => (Number: score.Key, Score: score.Value * map.ShareOf(score.Key, asksForTests)))
            .OrderByDescending(answer => answer.Score)
            .ThenBy(answer => answer.Number)
            .Take(count)
            .Select(answer => Answer(answer.Number, answer.Score))];

        void Add(IReadOnlyList<(int Number, float Score)> found, float weight)
        {
            if (found.Count == 0 || found[0].Score <= 0)
                return;
            foreach ((int number, float score) in found)
                scores[number] = scores.GetValueOrDefault(number) + weight * Math.Max(0, score) / found[0].Score;
        }
    }

    private RetrievalResult Global(float[] query, RetrievalOptions options)
    {
        List<ClusterAnswer> clusters = Descend(query, options.Limit);
        // The best entity of each cluster, then the second of each, and so on.
        var ranked = clusters
            .SelectMany(answer => answer.Cluster.Members
                .Select(member => (Member: member, Score: Product.Of(map.Vectors[member], query)))
                .OrderByDescending(member => member.Score)
                .ThenBy(member => member.Member)
                .Select((member, rank) => (Rank: rank, member.Member, member.Score)))
            .OrderBy(member => member.Rank)
            .Select(member => Answer(member.Member, member.Score));
        return new RetrievalResult(options.Mode, Fit(ranked, options), clusters, []);
    }

    private RetrievalResult Bridge(float[] query, RetrievalOptions options)
    {
        List<ClusterAnswer> clusters = Descend(query, BridgedClusters);
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
        return new RetrievalResult(options.Mode, [], clusters, best);
    }

    /// <summary>The clusters of layer 1 that are reached from the top by the best of each layer.</summary>
    private List<ClusterAnswer> Descend(float[] query, int count)
    {
        if (map.Layers.Count == 0)
            return [];
        IEnumerable<int> reached = Enumerable.Range(0, map.Layers[^1].Clusters.Count);
        for (int layer = map.Layers.Count - 1; layer > 0; layer--)
        {
            IReadOnlyList<CodeCluster> clusters = map.Layers[layer].Clusters;
            reached = Best(clusters, reached, query).Take(BeamOfLayer).SelectMany(number => clusters[number].Members).ToArray();
        }

        IReadOnlyList<CodeCluster> ground = map.Layers[0].Clusters;
        return [.. Best(ground, reached, query).Take(count).Select(number => new ClusterAnswer(
            ground[number],
            Product.Of(ground[number].Centroid.Span, query),
            map.PathOf(ground[number].Members[0]),
            FolderOf(ground[number])))];
    }

    private static IEnumerable<int> Best(IReadOnlyList<CodeCluster> clusters, IEnumerable<int> numbers, float[] query) =>
        numbers.OrderByDescending(number => Product.Of(clusters[number].Centroid.Span, query)).ThenBy(number => number);

    private string FolderOf(CodeCluster cluster) => cluster.Members
        .Select(member => map.Entities[member].Path)
        .GroupBy(path => path[..Math.Max(0, path.LastIndexOf('/'))], StringComparer.Ordinal)
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

    private static RetrievalResult Entities(RetrievalOptions options, IReadOnlyList<CodeAnswer> entities) => new(options.Mode, entities, [], []);

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

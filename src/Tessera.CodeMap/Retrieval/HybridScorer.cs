using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Retrieval;

/// <summary>
/// Scores every entity of a map for a question by four signs, each scaled by the best of all entities: its vector, the words
/// that it shares with the question, how much of its name the question says, and the clusters that it lies in. The weights
/// were chosen on the tuning half of the questions of <see cref="RetrievalEvaluation"/> for flask, tantivy and Orleans.
/// </summary>
internal sealed class HybridScorer
{
    private const float VectorWeight = 0.4f;
    private const float WordsWeight = 0.6f;

    // A question that says all of a short name means it, where a body that is long enough holds any word.
    private const float NameWeight = 0.15f;

    // Of layers 1 and 2: entities without the question's words stand beside those that have them.
    private static readonly float[] ClusterWeights = [0.05f, 0.1f];

    private readonly CodeMapSnapshot _map;
    private readonly Bm25Index _words;
    private readonly HashedTextEmbedder _idf;
    private readonly Dictionary<ulong, List<int>> _named = [];
    private readonly float[] _weightOfName;

    public HybridScorer(CodeMapSnapshot map, Bm25Index words)
    {
        _map = map;
        _words = words;
        _idf = map.Words.Embedder;
        _weightOfName = new float[map.Entities.Count];
        for (int entity = 0; entity < _weightOfName.Length; entity++)
        {
            foreach (ulong token in Lexicon.Tokenise(map.Entities[entity].Name).Where(token => !token.IsPair).Select(token => token.Hash).Distinct())
            {
                if (!_named.TryGetValue(token, out List<int>? entities))
                    _named[token] = entities = [];
                entities.Add(entity);
                _weightOfName[entity] += _idf.Idf(token);
            }
        }
    }

    /// <summary>The scores, at least 0, by the number of the entity; tests count less unless they are asked for.</summary>
    /// <param name="text">The question.</param>
    /// <param name="query">Its vector.</param>
    public float[] Score(string text, ReadOnlySpan<float> query)
    {
        WeightedToken[] tokens = _map.KnownTokens(text);
        var scores = new float[_map.Entities.Count];
        AddScaled(scores, Cosines(query), VectorWeight);
        AddScaled(scores, _words.Scores(tokens), WordsWeight);
        AddNames(scores, tokens);
        AddClusters(scores, query);
        bool asksForTests = CodeMapSnapshot.AsksForTests(text);
        for (int entity = 0; entity < scores.Length; entity++)
            scores[entity] *= _map.ShareOf(entity, asksForTests);
        return scores;
    }

    private float[] Cosines(ReadOnlySpan<float> query)
    {
        Matrix vectors = _map.Vectors;
        var cosines = new float[vectors.Rows];
        for (int entity = 0; entity < cosines.Length; entity++)
            cosines[entity] = Product.Of(vectors[entity], query);
        return cosines;
    }

    private void AddNames(float[] scores, WeightedToken[] tokens)
    {
        foreach (ulong token in tokens.Select(token => token.Hash).Distinct())
        {
            if (!_named.TryGetValue(token, out List<int>? entities))
                continue;
            foreach (int entity in entities)
                scores[entity] += NameWeight * _idf.Idf(token) / _weightOfName[entity];
        }
    }

    private void AddClusters(float[] scores, ReadOnlySpan<float> query)
    {
        int[] clusterOf = [.. _map.ClusterOfEntity];
        for (int layer = 0; layer < Math.Min(ClusterWeights.Length, _map.Layers.Count); layer++)
        {
            IReadOnlyList<CodeCluster> clusters = _map.Layers[layer].Clusters;
            var near = new float[clusters.Count];
            for (int cluster = 0; cluster < near.Length; cluster++)
                near[cluster] = Product.Of(clusters[cluster].Centroid.Span, query);
            var scaled = new float[near.Length];
            AddScaled(scaled, near, ClusterWeights[layer]);
            for (int entity = 0; entity < scores.Length; entity++)
            {
                scores[entity] += scaled[clusterOf[entity]];
                clusterOf[entity] = clusters[clusterOf[entity]].Parent ?? 0;
            }
        }
    }

    private static void AddScaled(float[] scores, float[] sign, float weight)
    {
        float best = sign.Length == 0 ? 0 : sign.Max();
        if (!(best > 0))
            return;
        for (int i = 0; i < scores.Length; i++)
            scores[i] += weight * Math.Max(0, sign[i]) / best;
    }
}

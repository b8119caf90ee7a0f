using Tessera.Vectors;

namespace Tessera.CodeMap.Retrieval;

/// <summary>Ranks documents by the words that they share with a query (BM25: Robertson and Zaragoza, 2009). A token's weight in a document takes the place of its count, so that a name counts more than a body.</summary>
internal sealed class Bm25Index
{
    private const float K1 = 1.2f;
    private const float B = 0.75f;

    private readonly Dictionary<ulong, Posting[]> _postings = [];
    private readonly float[] _lengths;
    private readonly float _meanLength;

    public Bm25Index(IReadOnlyList<WeightedToken[]> documents)
    {
        var postings = new Dictionary<ulong, List<Posting>>();
        _lengths = new float[documents.Count];
        for (int document = 0; document < documents.Count; document++)
        {
            foreach (WeightedToken token in documents[document])
            {
                if (!postings.TryGetValue(token.Hash, out List<Posting>? list))
                    postings[token.Hash] = list = [];
                list.Add(new Posting(document, token.Weight));
                _lengths[document] += token.Weight;
            }
        }

        foreach ((ulong token, List<Posting> list) in postings)
            _postings[token] = [.. list];
        _meanLength = documents.Count == 0 ? 1 : Math.Max(1e-6f, _lengths.Average());
    }

    /// <summary>The documents that share a token with the query, best first.</summary>
    /// <param name="query">Its tokens.</param>
    /// <param name="count">Answers at most.</param>
    /// <returns>Numbers of documents with their scores, ties by number.</returns>
    public List<(int Document, float Score)> Search(IEnumerable<WeightedToken> query, int count)
    {
        float[] scores = Scores(query);
        return [.. Enumerable.Range(0, scores.Length)
            .Where(document => scores[document] > 0)
            .OrderByDescending(document => scores[document])
            .ThenBy(document => document)
            .Take(count)
            .Select(document => (document, scores[document]))];
    }

    /// <summary>The scores of all documents; 0 for one that shares no token with the query.</summary>
    /// <param name="query">Its tokens.</param>
    public float[] Scores(IEnumerable<WeightedToken> query)
    {
        var scores = new float[_lengths.Length];
        foreach (var token in query.GroupBy(token => token.Hash))
        {
            if (!_postings.TryGetValue(token.Key, out Posting[]? postings))
                continue;
            float idf = MathF.Log(1 + (_lengths.Length - postings.Length + 0.5f) / (postings.Length + 0.5f)) * token.Sum(each => each.Weight);
            foreach (Posting posting in postings)
            {
                float length = 1 - B + B * _lengths[posting.Document] / _meanLength;
                scores[posting.Document] += idf * posting.Weight * (K1 + 1) / (posting.Weight + K1 * length);
            }
        }

        return scores;
    }

    private readonly record struct Posting(int Document, float Weight);
}

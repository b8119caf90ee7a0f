using Tessera.Music.Packs;
using Tessera.Music.Tokens;
using Tessera.Search;

namespace Tessera.Music.Retrieval;

/// <summary>
/// Similarity search while generating: at each new bar, the last one is looked up in the genre, and the bars that were like it, with what
/// follows them in their pieces, become a source. Looks up once a bar and keeps the answer as long as the last bar is the same.
/// </summary>
internal sealed class SimilarBars
{
    // The bar that was like the last one, and the one behind it.
    private const int BarsOfEach = 2;

    private readonly IPatternEmbedder _embedder;
    private readonly Vocabulary _vocabulary;
    private readonly int _barToken;
    private readonly TokenKind[] _kinds;
    private readonly int[] _header = new int[Enum.GetValues<TokenKind>().Length];
    private readonly string[] _query = new string[1024];
    private readonly float[] _vector;
    private readonly Neighbor[] _neighbors;
    private readonly Passage[] _passages;
    private int _count;
    private ulong _keyOfLast;

    public SimilarBars(IPatternEmbedder embedder, Vocabulary vocabulary, int topK)
    {
        _embedder = embedder;
        _vocabulary = vocabulary;
        _barToken = vocabulary.IdOf("BAR");
        _kinds = [.. vocabulary.Tokens.Select(text => MusicToken.TryParse(text, out MusicToken token) && token.IsHeader ? token.Kind : TokenKind.Other)];
        _vector = new float[embedder.Dimension];
        _neighbors = new Neighbor[topK];
        _passages = new Passage[2 * topK];
    }

    /// <summary>Whether there is anything to look up.</summary>
    public bool IsActive => _barToken >= 0 && _neighbors.Length > 0;

    /// <summary>How alike the most similar bar is to the last one.</summary>
    public float Best { get; private set; }

    /// <summary>The passages that are like the bar before the one that is being made.</summary>
    public ReadOnlySpan<Passage> Find(ReadOnlySpan<int> generated, GenreSource? parent, GenreSource? child)
    {
        int end = generated.LastIndexOf(_barToken);
        if (end < 0)
            return [];
        int start = Math.Max(0, generated[..end].LastIndexOf(_barToken));
        ulong key = (ulong)end;
        foreach (int token in generated[start..end])
            key = StableHash.Add(key, token);
        if (key != _keyOfLast || _count == 0)
        {
            _keyOfLast = key;
            Embed(generated, start, end);
            _count = 0;
            Best = 0;
            Search(parent);
            Search(child);
        }

        return _passages.AsSpan(0, _count);
    }

    /// <summary>Embeds the last bar behind the header that holds for it, as the bars of packs stand.</summary>
    private void Embed(ReadOnlySpan<int> generated, int start, int end)
    {
        Array.Fill(_header, -1);
        for (int i = 0; i < end; i++)
        {
            if (generated[i] >= 0 && _kinds[generated[i]] != TokenKind.Other)
                _header[(int)_kinds[generated[i]]] = generated[i];
        }

        int count = 0;
        foreach (int token in _header)
        {
            if (token >= 0)
                _query[count++] = _vocabulary[token];
        }

        foreach (int token in generated[start..end])
        {
            if (token >= 0 && _kinds[token] == TokenKind.Other && count < _query.Length)
                _query[count++] = _vocabulary[token];
        }

        _embedder.Embed(_query.AsSpan(0, count), _vector);
    }

    private void Search(GenreSource? genre)
    {
        if (genre is null)
            return;
        int found = genre.Index.Search(_vector, _neighbors);
        foreach (Neighbor neighbor in _neighbors.AsSpan(0, found))
        {
            // Patterns that were added since the contexts were put in order have no place there yet.
            float similarity = -neighbor.Distance;
            Best = Math.Max(Best, similarity);
            if (similarity > 0 && neighbor.Id < genre.Contexts.Patterns)
                _passages[_count++] = new Passage(genre, genre.Contexts.StartOf((int)neighbor.Id), genre.Contexts.EndOf((int)neighbor.Id, BarsOfEach), similarity * genre.Weight);
        }
    }

    /// <summary>A stretch of a genre's text.</summary>
    internal readonly record struct Passage(GenreSource Genre, int Start, int End, float Weight);
}

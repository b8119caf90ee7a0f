using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Tessera.Music.Retrieval;

/// <summary>What followed each n-gram within patterns, with the weights of the patterns.</summary>
internal sealed class NgramTable
{
    private readonly Dictionary<int[], List<(int Token, float Weight)>> _following = new(new SpanComparer());
    private readonly Dictionary<int[], List<(int Token, float Weight)>>.AlternateLookup<ReadOnlySpan<int>> _lookup;
    private readonly int _size;

    public NgramTable(int size)
    {
        _size = size;
        _lookup = _following.GetAlternateLookup<ReadOnlySpan<int>>();
    }

    /// <summary>Takes in every n-gram of a pattern and its next token; those with a token that the vocabulary lacks can never be met.</summary>
    public void Add(ReadOnlySpan<int> tokens, float weight)
    {
        for (int i = 0; i + _size < tokens.Length; i++)
        {
            ReadOnlySpan<int> ngram = tokens.Slice(i, _size);
            if (tokens[i + _size] < 0 || ngram.ContainsAnyInRange(int.MinValue, -1))
                continue;
            if (!_lookup.TryGetValue(ngram, out List<(int, float)>? following))
                _following.Add(ngram.ToArray(), following = []);
            AddWeight(following, tokens[i + _size], weight);
        }
    }

    private static void AddWeight(List<(int Token, float Weight)> following, int token, float weight)
    {
        int known = following.FindIndex(pair => pair.Token == token);
        if (known >= 0)
            following[known] = (token, following[known].Weight + weight);
        else
            following.Add((token, weight));
    }

    /// <summary>The tokens that followed an n-gram and their weights; empty where it was never seen.</summary>
    public ReadOnlySpan<(int Token, float Weight)> Following(ReadOnlySpan<int> ngram) =>
        _lookup.TryGetValue(ngram, out List<(int Token, float Weight)>? following) ? CollectionsMarshal.AsSpan(following) : [];

    private sealed class SpanComparer : IEqualityComparer<int[]>, IAlternateEqualityComparer<ReadOnlySpan<int>, int[]>
    {
        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] int[] obj) => GetHashCode(obj.AsSpan());

        public int[] Create(ReadOnlySpan<int> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<int> alternate, int[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<int> alternate)
        {
            ulong hash = 0;
            foreach (int token in alternate)
                hash = StableHash.Add(hash, token);
            return (int)hash;
        }
    }
}

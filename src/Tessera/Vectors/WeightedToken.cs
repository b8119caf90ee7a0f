namespace Tessera.Vectors;

/// <summary>One token of a text as <see cref="HashedTextEmbedder"/> sees it: the hash of its letters, and how much it counts.</summary>
/// <param name="Hash">The token's hash, from <see cref="HashedTextEmbedder.Hash"/>.</param>
/// <param name="Weight">How much this occurrence counts, above 0: 1 for a plain word, more for a title.</param>
public readonly record struct WeightedToken(ulong Hash, float Weight) : IComparable<WeightedToken>
{
    /// <summary>Orders by hash, then by weight, so that sums over sorted tokens do not depend on the order in the text.</summary>
    public int CompareTo(WeightedToken other)
    {
        int order = Hash.CompareTo(other.Hash);
        return order != 0 ? order : Weight.CompareTo(other.Weight);
    }

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(WeightedToken left, WeightedToken right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> or equals it.</summary>
    public static bool operator <=(WeightedToken left, WeightedToken right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(WeightedToken left, WeightedToken right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> or equals it.</summary>
    public static bool operator >=(WeightedToken left, WeightedToken right) => left.CompareTo(right) >= 0;
}

namespace Tessera.Search;

/// <summary>One answer of a search.</summary>
/// <param name="Id">The id that the vector was added under; -1 where fewer vectors exist than were asked for.</param>
/// <param name="Distance">The metric's distance, smaller for nearer: squared Euclidean for L2, -(a . b) for the inner product, 1 - cos for cosine; positive infinity where <paramref name="Id"/> is -1.</param>
public readonly record struct Neighbor(long Id, float Distance)
{
    /// <summary>What stands in a place of a result that no vector fills.</summary>
    public static Neighbor None => new(-1, float.PositiveInfinity);
}

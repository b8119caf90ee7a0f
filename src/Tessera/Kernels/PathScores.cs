using System.Numerics;

namespace Tessera.Kernels;

/// <summary>The scores of all continuations of one path of a beam: how far from the vector each would lead, short of the vector's own norm.</summary>
internal static class PathScores
{
    /// <summary>scores[i] = sofar + norms[i] + products[i].</summary>
    /// <param name="sofar">The path's score.</param>
    /// <param name="norms">Squared norms of the entries.</param>
    /// <param name="products">Minus twice the inner products of the entries with what the path is to lead to.</param>
    /// <param name="scores">Receives as many numbers.</param>
    public static void Start(float sofar, ReadOnlySpan<float> norms, ReadOnlySpan<float> products, Span<float> scores)
    {
        norms = norms[..scores.Length];
        products = products[..scores.Length];
        var start = new Vector<float>(sofar);
        int i = 0;
        for (; i + Vector<float>.Count <= scores.Length; i += Vector<float>.Count)
            (start + new Vector<float>(norms[i..]) + new Vector<float>(products[i..])).CopyTo(scores[i..]);
        for (; i < scores.Length; i++)
            scores[i] = sofar + norms[i] + products[i];
    }
}

using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Makes indexes from factory strings:
/// <c>Flat</c> (exact), <c>IVF256,PQ56</c> (256 lists, 56 subquantizers of 8 bits), <c>IVF256,PQ56x6</c> (6 bits each),
/// <c>IVF256,PQ56,Refine</c> (exact rerank over kept vectors).
/// </summary>
public static class IndexFactory
{
    /// <summary>Makes an empty index.</summary>
    /// <param name="specification">A factory string; case does not matter.</param>
    /// <param name="dimension">Numbers in each vector.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <exception cref="ArgumentException">The string names no index, or its numbers do not fit the dimension; the message says what would.</exception>
    public static VectorIndex Create(string specification, int dimension, Metric metric = Metric.L2) =>
        throw new NotImplementedException();
}

using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Makes indexes from factory strings:
/// <c>Flat</c> (exact), <c>HNSW16</c> (a graph with 16 neighbours a node), <c>Tree2x32</c> (2 levels of clusters, each divided into 32);
/// <c>SQ8</c>, <c>SQfp16</c>, <c>SQbf16</c> (a byte or a float of 16 bits for each number);
/// <c>PQ56</c> (56 subquantizers of 8 bits), <c>PQ56x6</c> (6 bits each), <c>PQ112x4fs</c> (4 bits each; scanned by registers with or without the fs),
/// <c>RQ4x8</c> (residual codes of 4 levels of 8 bits).
/// All but the graph and the tree also in an inverted file, <c>IVF256,Flat</c> or <c>IVF256,PQ56</c> (256 lists); PQ and RQ also with exact rerank over kept
/// vectors, <c>IVF256,PQ56,Refine</c> (<c>Refine(fp16)</c> keeps them in half the memory, <c>Refine(mapped)</c> in a file); and all of these behind a rotation: <c>OPQ16,IVF256,PQ16</c> (learned for 16 parts), <c>OPQ16_64,...</c> and <c>PCA64,...</c>
/// (onto 64 dimensions, whose distances are then the answers'), <c>RR,...</c> (drawn at random).
/// </summary>
public static class IndexFactory
{
    /// <summary>Makes an empty index.</summary>
    /// <param name="specification">A factory string; case does not matter.</param>
    /// <param name="dimension">Numbers in each vector.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <exception cref="ArgumentException">The string names no index, or its numbers do not fit the dimension; the message says what would.</exception>
    public static VectorIndex Create(string specification, int dimension, Metric metric = Metric.L2)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return IndexSpecification.Parse(specification).Make(dimension, metric);
    }
}

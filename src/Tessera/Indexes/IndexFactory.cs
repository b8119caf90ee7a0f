using System.Globalization;
using System.Text.RegularExpressions;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Makes indexes from factory strings:
/// <c>Flat</c> (exact), <c>IVF256,Flat</c> (256 lists of whole vectors), <c>IVF256,PQ56</c> (256 lists, 56 subquantizers of 8 bits), <c>IVF256,PQ56x6</c> (6 bits each),
/// <c>IVF256,PQ112x4fs</c> (4 bits each; scanned by registers with or without the fs),
/// <c>IVF256,PQ56,Refine</c> (exact rerank over kept vectors; <c>Refine(fp16)</c> keeps them in half the memory, <c>Refine(mapped)</c> in a file), <c>HNSW16</c> (a graph with 16 neighbours a node),
/// <c>Tree2x32</c> (2 levels of clusters, each divided into 32).
/// </summary>
public static partial class IndexFactory
{
    /// <summary>Makes an empty index.</summary>
    /// <param name="specification">A factory string; case does not matter.</param>
    /// <param name="dimension">Numbers in each vector.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <exception cref="ArgumentException">The string names no index, or its numbers do not fit the dimension; the message says what would.</exception>
    public static VectorIndex Create(string specification, int dimension, Metric metric = Metric.L2)
    {
        ArgumentNullException.ThrowIfNull(specification);
        string trimmed = specification.Trim();
        if (trimmed.Equals("Flat", StringComparison.OrdinalIgnoreCase))
            return new FlatIndex(dimension, metric);
        Match graph = Hnsw().Match(trimmed);
        if (graph.Success)
            return new HnswIndex(dimension, new HnswOptions { Neighbors = Number(graph.Groups["neighbors"]) }, metric);
        Match tree = Tree().Match(trimmed);
        if (tree.Success)
            return new TreeIndex(dimension, new TreeOptions { Levels = Number(tree.Groups["levels"]), Branching = Number(tree.Groups["branching"]) }, metric);
        Match lists = IvfFlat().Match(trimmed);
        if (lists.Success)
            return new IvfFlatIndex(dimension, new IvfFlatOptions { Lists = Number(lists.Groups["lists"]) }, metric);
        Match match = IvfPq().Match(trimmed);
        if (!match.Success)
            throw new ArgumentException($"'{specification}' names no index; use Flat, HNSW<neighbors>, Tree<levels>x<branching>, IVF<lists>,Flat, IVF<lists>,PQ<subquantizers>[x<bits>] or the last with ,Refine, such as IVF256,PQ56.", nameof(specification));
        return new IvfPqIndex(dimension, new IvfPqOptions
        {
            Lists = Number(match.Groups["lists"]),
            Subquantizers = Number(match.Groups["parts"]),
            Bits = match.Groups["bits"].Success ? Number(match.Groups["bits"]) : 8,
            Refine = RefineStorageNames.Parse(match.Groups["refine"].ValueSpan),
        }, metric);
    }

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^HNSW(?<neighbors>[0-9]{1,4})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Hnsw();

    [GeneratedRegex(@"^Tree(?<levels>[0-9]{1,4})x(?<branching>[0-9]{1,8})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tree();

    [GeneratedRegex(@"^IVF(?<lists>[0-9]{1,8}),Flat$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IvfFlat();

    [GeneratedRegex(@"^IVF(?<lists>[0-9]{1,8}),PQ(?<parts>[0-9]{1,7})(x(?<bits>\d{1,9})(fs)?)?(?<refine>,Refine(\((fp16|mapped)\))?)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IvfPq();
}

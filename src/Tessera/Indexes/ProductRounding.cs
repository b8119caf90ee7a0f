using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// What the matrix product's choice of candidates leaves certain. Its distances lack the digits that large norms share, so
/// a search keeps some candidates to spare, measures all of them directly, and asks here whether the k nearest of those
/// must be the k nearest of all.
/// </summary>
internal static class ProductRounding
{
    /// <summary>Candidates to keep for k answers.</summary>
    public static int Room(int k) => k + Math.Max(2, k / 16);

    /// <summary>Whether the product cannot have let go of a vector nearer than the last of the k nearest, by all that it may have rounded.</summary>
    /// <param name="metric">How vectors are compared.</param>
    /// <param name="dimension">Numbers in a vector.</param>
    /// <param name="last">The distance of the last of the k nearest, measured directly.</param>
    /// <param name="bound">The product's distance that no vector was let go below; infinity if none was let go.</param>
    /// <param name="queryNorm">The query's squared norm.</param>
    /// <param name="largestNorm">The largest squared norm among the vectors; for the inner product only.</param>
    public static bool Proves(Metric metric, int dimension, double last, double bound, double queryNorm, double largestNorm)
    {
        if (double.IsPositiveInfinity(bound))
            return true;
        // A sum of d products is off by at most d * 2^-24 of |a||b| in any order of summing (Higham, 2002); norms are summed
        // in four chains or more. A vector no farther by L2 than the last is no longer than the query and that distance together.
        double length = Math.Sqrt(queryNorm), longest = length + Math.Sqrt(last);
        double magnitude = metric switch
        {
            Metric.L2 => 2 * length * longest + (length * length + longest * longest) / 4 + last,
            Metric.InnerProduct => 2 * length * Math.Sqrt(largestNorm),
            _ => 3,
        };
        return last + (dimension + 16) * Math.Pow(2, -24) * magnitude < bound;
    }
}

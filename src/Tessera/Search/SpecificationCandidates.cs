namespace Tessera.Search;

/// <summary>The specifications that <see cref="SpecificationTuner"/> chooses among: the one place to add another kind of index to.</summary>
internal static class SpecificationCandidates
{
    /// <summary>Vectors for each list, about, at the least.</summary>
    private const int LeastInList = 39;

    /// <summary>All candidates that the dimension allows, each as a specification for a number of vectors: lists grow with them.</summary>
    public static IReadOnlyList<Func<int, string>> For(int dimension)
    {
        var candidates = new List<Func<int, string>>
        {
            _ => "Flat", _ => "HNSW16", _ => "HNSW32", rows => $"IVF{Lists(rows)},Flat",
            _ => "SQ8", rows => $"IVF{Lists(rows)},SQfp16", rows => $"IVF{Lists(rows)},SQ8",
        };
        foreach (string codes in ProductCodes(dimension))
        {
            candidates.Add(rows => $"IVF{Lists(rows)},{codes}");
            candidates.Add(rows => $"IVF{Lists(rows)},{codes},Refine");
        }

        // Where few bytes are allowed: what learns a rotation, or codes that follow each other, loses less in them.
        foreach (int each in (int[])[4, 8])
        {
            int parts = LargestDivisor(dimension, dimension / each);
            candidates.Add(rows => $"OPQ{parts},IVF{Lists(rows)},PQ{parts}");
        }
        candidates.Add(rows => $"IVF{Lists(rows)},RQ8x8");
        // In few dimensions several come to the same.
        return [.. candidates.DistinctBy(specify => specify(LeastInList))];
    }

    /// <summary>The power of two next to four times the root of the number of vectors, the usual number of lists.</summary>
    private static int Lists(int rows)
    {
        int lists = 1 << (int)Math.Round(Math.Log2(4 * Math.Sqrt(rows)));
        return Math.Clamp(lists, 1, Math.Max(1, rows / LeastInList));
    }

    /// <summary>From long codes to short ones.</summary>
    private static IEnumerable<string> ProductCodes(int dimension)
    {
        foreach (int each in (int[])[2, 4])
            yield return $"PQ{LargestDivisor(dimension, dimension / each)}x4fs";
        foreach (int each in (int[])[4, 8, 16])
            yield return $"PQ{LargestDivisor(dimension, dimension / each)}";
    }

    private static int LargestDivisor(int dimension, int most)
    {
        int divisor = Math.Max(1, most);
        while (dimension % divisor != 0)
            divisor--;
        return divisor;
    }
}

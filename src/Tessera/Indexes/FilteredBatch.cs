using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>When a batch whose filter keeps little first copies together what passes: it is then looked at without regard to the rest.</summary>
internal static class FilteredBatch
{
    private const int LeastQueries = 16;

    private const double MostShare = 0.125;

    /// <summary>Copies are extra memory, also of an index that lies in a file because it is larger than that.</summary>
    private const long MostBytes = 256 << 20;

    /// <summary>Rows that a matrix product compares with a query in the time in which one is copied, about.</summary>
    private const double ProductsOfCopy = 64;

    /// <summary>Codes that are scanned in the time in which one is copied, about.</summary>
    private const double ScansOfCopy = 16;

    /// <summary>Whether whole vectors are copied, to be compared exactly by a matrix product.</summary>
    /// <param name="allowed">The rows that pass; null for all.</param>
    /// <param name="dimension">Numbers in each.</param>
    /// <param name="queries">Queries of the batch.</param>
    /// <param name="visited">Rows that it would look at for each query otherwise; what takes longer than a row of a matrix product counts as so many.</param>
    public static bool CopiesRows(RowSet? allowed, int dimension, int queries, double visited) =>
        IsSmall(allowed, (long)dimension * sizeof(float), queries) && allowed!.Count * (1 + ProductsOfCopy / queries) <= visited;

    /// <summary>Whether codes are copied, to be scanned by themselves.</summary>
    /// <param name="allowed">The codes that pass; null for all.</param>
    /// <param name="bytes">Bytes of each.</param>
    /// <param name="queries">Queries of the batch.</param>
    /// <param name="visited">Codes that it would scan for each query otherwise.</param>
    public static bool CopiesCodes(RowSet? allowed, int bytes, int queries, double visited) =>
        IsSmall(allowed, bytes, queries) && queries * visited >= ScansOfCopy * allowed!.Rows;

    private static bool IsSmall(RowSet? allowed, long bytesEach, int queries) =>
        allowed?.Share < MostShare && queries >= LeastQueries && allowed.Count * bytesEach <= MostBytes;
}

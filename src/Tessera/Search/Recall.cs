using System.Buffers;

namespace Tessera.Search;

/// <summary>k-recall@k: the share of the true k nearest vectors that are among the k returned, whatever their order.</summary>
public static class Recall
{
    /// <summary>The mean recall over all queries.</summary>
    /// <param name="results">k answers for each query, row after row, as a batch search writes them.</param>
    /// <param name="k">Answers for each query, 1 to <paramref name="truth"/>'s K; of longer rows of truth the first k count.</param>
    /// <param name="truth">The true neighbours of the same queries.</param>
    /// <returns>0 to 1. Where the base held fewer than k vectors, the share of those.</returns>
    /// <exception cref="ArgumentException">The results and the truth are not of the same queries, or the truth knows fewer than k neighbours.</exception>
    public static double Of(ReadOnlySpan<Neighbor> results, int k, GroundTruth truth)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, truth.K);
        if (results.Length != (long)truth.Queries * k)
            throw new ArgumentException(
                $"{results.Length} results are not {k} for each of the {truth.Queries} queries of the ground truth.", nameof(results));

        long hits = 0, wanted = 0;
        for (int query = 0; query < truth.Queries; query++)
        {
            var nearest = Known(truth[query][..k]);
            wanted += nearest.Length;
            hits += Hits(results.Slice(query * k, k), nearest);
        }

        return wanted == 0 ? 0 : (double)hits / wanted;
    }

    /// <summary>How many of the true ids are among those returned; each counts once.</summary>
    internal static int Hits(ReadOnlySpan<Neighbor> returned, ReadOnlySpan<long> nearest)
    {
        long[] pooled = ArrayPool<long>.Shared.Rent(returned.Length);
        var ids = pooled.AsSpan(0, returned.Length);
        for (int i = 0; i < ids.Length; i++)
            ids[i] = returned[i].Id;
        ids.Sort();
        int hits = 0;
        foreach (long id in nearest)
            hits += ids.BinarySearch(id) >= 0 ? 1 : 0;
        ArrayPool<long>.Shared.Return(pooled);
        return hits;
    }

    /// <summary>Cuts the -1 off that fill up a row of truth.</summary>
    private static ReadOnlySpan<long> Known(ReadOnlySpan<long> row)
    {
        int filler = row.IndexOf(-1);
        return filler < 0 ? row : row[..filler];
    }
}

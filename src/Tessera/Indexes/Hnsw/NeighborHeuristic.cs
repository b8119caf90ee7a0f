using System.Runtime.InteropServices;
using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>Which of many candidates a node links to: those that are nearer to it than to any chosen before (Malkov and Yashunin, 2018, algorithm 4), so that links point in different directions.</summary>
internal static class NeighborHeuristic
{
    /// <summary>Picks neighbours.</summary>
    /// <param name="records">The layout of the codes.</param>
    /// <param name="codes">All records.</param>
    /// <param name="candidates">Candidates by distance to the node, nearest first.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="picked">Working memory that holds the result.</param>
    /// <param name="query">Working memory.</param>
    public static ReadOnlySpan<int> Pick(ByteRecords records, ReadOnlySpan<byte> codes, List<Candidate> candidates, int most, List<int> picked, ByteQuery query)
    {
        picked.Clear();
        foreach (Candidate candidate in candidates)
        {
            if (picked.Count == most)
                break;
            if (picked.Count > 0)
            {
                records.Prepare(codes.Slice(candidate.Ordinal * records.Size, records.Size), query);
                if (records.AnyNearer(query, codes, CollectionsMarshal.AsSpan(picked), candidate.Distance))
                    continue;
            }

            picked.Add(candidate.Ordinal);
        }

        return CollectionsMarshal.AsSpan(picked);
    }
}

using Tessera.Kernels;
using Tessera.Search;

namespace Tessera.Indexes;

/// <summary>
/// The ids of vectors by their ordinal, kept only once ids are given that differ from the ordinals. Grows at the end;
/// a reader's view of it never changes.
/// </summary>
internal sealed class IdMap(ReadOnlyMemory<long> ids)
{
    private long[] _room = [];

    /// <summary>Ids by ordinal; empty while every id equals its ordinal.</summary>
    public ReadOnlyMemory<long> Ids { get; private set; } = ids;

    /// <summary>Bytes held, spare room included.</summary>
    public long Bytes => (long)Math.Max(_room.Length, Ids.Length) * sizeof(long);

    /// <summary>Takes the ids of vectors that get the ordinals from <paramref name="count"/> on; none given means the ordinals themselves.</summary>
    public void Append(int count, int added, ReadOnlySpan<long> given)
    {
        if (Ids.IsEmpty && AreOrdinals(given, count))
            return;
        int total = count + added;
        if (_room.Length < total)
        {
            var longer = new long[Math.Max(total, (int)Math.Min(2L * _room.Length, Array.MaxLength))];
            Ids.Span.CopyTo(longer);
            _room = longer;
        }

        for (int i = Ids.Length; i < count; i++)
            _room[i] = i;
        for (int i = count; i < total; i++)
            _room[i] = given.IsEmpty ? i : given[i - count];
        Ids = _room.AsMemory(0, total);
    }

    /// <summary>Turns sorted candidates into answers, the rest of the room into none.</summary>
    /// <param name="ids">The ids as they were when the search began.</param>
    /// <param name="candidates">Sorted candidates, with distances as a user sees them.</param>
    /// <param name="results">Receives the answers.</param>
    public static void Resolve(ReadOnlyMemory<long> ids, ReadOnlySpan<Candidate> candidates, Span<Neighbor> results)
    {
        ReadOnlySpan<long> map = ids.Span;
        for (int i = 0; i < candidates.Length; i++)
        {
            int ordinal = candidates[i].Ordinal;
            results[i] = new Neighbor(map.IsEmpty ? ordinal : map[ordinal], candidates[i].Distance);
        }

        results[candidates.Length..].Fill(Neighbor.None);
    }

    private static bool AreOrdinals(ReadOnlySpan<long> ids, int first)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] != first + i)
                return false;
        }

        return true;
    }
}

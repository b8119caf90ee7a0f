using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>How many vectors of each list a search may answer with.</summary>
internal sealed class ListShares
{
    private readonly int[] _counts;

    private ListShares(RowSet allowed, int[] counts) => (Allowed, _counts) = (allowed, counts);

    /// <summary>The vectors that a search may answer with.</summary>
    public RowSet Allowed { get; }

    /// <summary>Counts; takes a look at every ordinal, so the outcome is worth keeping.</summary>
    public static ListShares Of<TList>(RowSet allowed, TList[] lists, Func<TList, ReadOnlyMemory<int>> ordinals)
    {
        var counts = new int[lists.Length];
        for (int list = 0; list < lists.Length; list++)
        {
            foreach (int ordinal in ordinals(lists[list]).Span)
                counts[list] += allowed.Contains(ordinal) ? 1 : 0;
        }

        return new ListShares(allowed, counts);
    }

    /// <summary>The nearest lists that hold enough vectors together which a search may answer with, nearest first; all that hold any, where that is not enough.</summary>
    /// <param name="distances">One for each list; those of lists without such vectors are overwritten.</param>
    /// <param name="enough">Vectors to look at.</param>
    /// <param name="room">Room for all lists.</param>
    public Span<Candidate> Choose(Span<float> distances, long enough, Span<Candidate> room)
    {
        for (int list = 0; list < distances.Length; list++)
        {
            if (_counts[list] == 0)
                distances[list] = float.NaN;
        }

        Span<Candidate> nearest = CoarseQuantizer.Choose(distances, room);
        int chosen = 0;
        for (long held = 0; chosen < nearest.Length && held < enough; chosen++)
            held += _counts[nearest[chosen].Ordinal];
        return nearest[..chosen];
    }
}

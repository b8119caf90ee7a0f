using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>How many vectors of each list a search may answer with.</summary>
internal sealed class ListShares
{
    /// <summary>How many times as many vectors a search looks at where those that pass lie apart from the query: its nearest ones then lie in more lists.</summary>
    private const double MostOffside = 2;

    private readonly double _share;
    private readonly int[] _counts;
    private readonly int[] _sizes;

    private ListShares(double share, int[] counts, int[] sizes) => (_share, _counts, _sizes) = (share, counts, sizes);

    /// <summary>How many of them a list holds.</summary>
    public int this[int list] => _counts[list];

    /// <summary>Counts; takes a look at every ordinal, so the outcome is worth keeping.</summary>
    public static ListShares Of<TList>(RowSet allowed, TList[] lists, Func<TList, ReadOnlyMemory<int>> ordinals)
    {
        var counts = new int[lists.Length];
        var sizes = new int[lists.Length];
        for (int list = 0; list < lists.Length; list++)
        {
            ReadOnlySpan<int> members = ordinals(lists[list]).Span;
            sizes[list] = members.Length;
            foreach (int ordinal in members)
                counts[list] += allowed.Contains(ordinal) ? 1 : 0;
        }

        return new ListShares(allowed.Share, counts, sizes);
    }

    /// <summary>
    /// The nearest lists that together hold as many vectors which a search may answer with as the query's nearest lists hold of
    /// all vectors, nearest first; all lists that hold any, where that is not enough.
    /// </summary>
    /// <param name="distances">One for each list.</param>
    /// <param name="probes">Lists to visit where all vectors may be answers.</param>
    /// <param name="least">Vectors that may be answers to look at, however few the nearest lists hold.</param>
    /// <param name="room">Room for all lists.</param>
    public Span<Candidate> Choose(ReadOnlySpan<float> distances, int probes, int least, Span<Candidate> room)
    {
        // To sort some of the lists is nearly always enough, and takes a fraction of the time.
        int some = (int)Math.Min(room.Length, 8 + 1.5 * probes / Math.Max(_share, 1e-9));
        if (!TryChoose(distances, probes, least, room[..some], out int chosen) && some < room.Length)
            TryChoose(distances, probes, least, room, out chosen);
        return room[..chosen];
    }

    private bool TryChoose(ReadOnlySpan<float> distances, int probes, int least, Span<Candidate> room, out int chosen)
    {
        chosen = 0;
        double held = 0, wanted = 0;
        Span<Candidate> nearest = CoarseQuantizer.Choose(distances, room);
        for (int i = 0; i < nearest.Length; i++)
        {
            if (i == probes)
                wanted = Math.Max(least, wanted * Math.Clamp(_share * wanted / held, 1, MostOffside));
            if (i >= probes && held >= wanted)
                return true;
            int list = nearest[i].Ordinal;
            wanted += i < probes ? _sizes[list] : 0;
            held += _counts[list];
            if (_counts[list] > 0)
                nearest[chosen++] = nearest[i];
        }

        return held >= Math.Max(least, wanted);
    }
}

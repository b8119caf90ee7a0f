using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>Which vectors a search of an inverted file may answer with, and by what it chooses the lists that it visits.</summary>
/// <param name="Allowed">The vectors; null for all.</param>
/// <param name="Shares">How many of them each list holds; null where lists are chosen without regard to that.</param>
/// <param name="Probes">Lists to visit where all vectors pass.</param>
/// <param name="K">Answers wanted.</param>
internal readonly record struct ListChoice(RowSet? Allowed, ListShares? Shares, int Probes, int K)
{
    /// <summary>Whether removed vectors have left too few answers in lists that were chosen without regard to them.</summary>
    public bool Misses(int found) => Allowed is not null && Shares is null && found < Math.Min(K, Allowed.Count);

    /// <summary>Vectors, passing or not, in the lists that a search with a filter visits, about: as many pass there as it looks at without one.</summary>
    /// <param name="lists">All lists.</param>
    public double Visits(int lists) => Allowed is null ? 0 : Math.Min(1, Probes / (lists * Math.Max(Allowed.Share, 1e-9))) * Allowed.Rows;

    /// <summary>The lists that one query visits, nearest first.</summary>
    /// <param name="distances">One for each list.</param>
    /// <param name="room">Room for all lists.</param>
    public Span<Candidate> Choose(ReadOnlySpan<float> distances, Span<Candidate> room) =>
        Shares is null ? CoarseQuantizer.Choose(distances, room[..Probes]) : Shares.Choose(distances, Probes, K, room);
}

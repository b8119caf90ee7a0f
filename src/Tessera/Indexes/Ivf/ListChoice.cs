using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>Which vectors a search of an inverted file may answer with, and by what it chooses the lists that it visits.</summary>
/// <param name="Allowed">The vectors; null for all.</param>
/// <param name="Shares">How many of them each list holds; null where lists are chosen without regard to that.</param>
/// <param name="Probes">Lists to visit, where they are.</param>
/// <param name="Enough">Vectors that pass to look at, where <paramref name="Shares"/> are known.</param>
internal readonly record struct ListChoice(RowSet? Allowed, ListShares? Shares, int Probes, long Enough)
{
    /// <summary>Whether removed vectors have left too few answers in lists that were chosen without regard to them.</summary>
    public bool Misses(int found, int k) => Allowed is not null && Shares is null && found < Math.Min(k, Allowed.Count);

    /// <summary>The lists that one query visits, nearest first.</summary>
    /// <param name="distances">One for each list; may be overwritten.</param>
    /// <param name="room">Room for <see cref="Probes"/> lists, or for all where shares are known.</param>
    public Span<Candidate> Choose(Span<float> distances, Span<Candidate> room) =>
        Shares is null ? CoarseQuantizer.Choose(distances, room[..Probes]) : Shares.Choose(distances, Enough, room);
}

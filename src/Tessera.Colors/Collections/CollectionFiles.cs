namespace Tessera.Colors.Collections;

/// <summary>
/// The files that a collection has mapped, and its index. Shared by the states that stand on them; closed when the last of those is
/// replaced and no search is in it.
/// </summary>
internal sealed class CollectionFiles(HistogramFile? histograms, CandidateIndex? index)
{
    private int _users = 1;

    public HistogramFile? Histograms { get; } = histograms;

    public CandidateIndex? Index { get; } = index;

    /// <summary>Keeps the files open until <see cref="Release"/>; false where they are closed.</summary>
    public bool TryAcquire()
    {
        for (int users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
        {
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
                return true;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        Histograms?.Dispose();
        Index?.Dispose();
    }
}

using System.Runtime.InteropServices;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;

namespace Tessera.Attention.Scoring;

/// <summary>
/// What a query sees of a head: every token, or under a causal mask those up to its own. Segments follow the order of tokens,
/// so that it sees some of them whole, at most one in part, and no other.
/// </summary>
internal readonly struct HeadPrefix
{
    private readonly int _segments;

    /// <summary>The tokens before a place.</summary>
    public HeadPrefix(HeadStore store, int end)
    {
        (Store, End) = (store, end);
        SinkCount = Math.Min(store.SinkCount, end);
        TailCount = Math.Clamp(end - store.TailStart, 0, store.TailCount);
        while (_segments < store.Segments.Count && store.Segments[_segments].End <= end)
            ClusteredKeys += store.Segments[_segments++].Count;
        if (_segments < store.Segments.Count && store.Segments[_segments].First < end)
            Split = store.Segments[_segments];
    }

    public HeadStore Store { get; }

    /// <summary>The place behind the last token.</summary>
    public int End { get; }

    public int SinkCount { get; }

    public int TailCount { get; }

    /// <summary>The segments that are seen whole.</summary>
    public ReadOnlySpan<Segment> Segments => CollectionsMarshal.AsSpan(Store.Segments)[.._segments];

    /// <summary>Keys in them.</summary>
    public int ClusteredKeys { get; }

    /// <summary>The segment of which only the tokens before <see cref="End"/> are seen; null if there is none.</summary>
    public Segment? Split { get; }

    /// <summary>Keys that are seen outside of whole segments, which are always scored exactly.</summary>
    public int ExactKeys => SinkCount + TailCount + (Split is null ? 0 : End - Split.First);

    /// <summary>Keys in all.</summary>
    public int Keys => ExactKeys + ClusteredKeys;
}

using System.Runtime.CompilerServices;

namespace Tessera.Kernels;

/// <summary>
/// The nearest vectors that a walk through a graph has met, in order, with a mark on those whose neighbours were looked at.
/// One sorted array of bounded length serves as both of the textbook's heaps: inserting moves a few cache lines.
/// </summary>
internal sealed unsafe class Beam : IDisposable
{
    private const uint Expanded = 1u << 31;

    private AlignedBuffer<Entry> _entries = new(0);
    private int _capacity;
    private int _cursor;

    /// <summary>Entries held.</summary>
    public int Count { get; private set; }

    /// <summary>Starts empty, with room for <paramref name="capacity"/> entries.</summary>
    public void Reset(int capacity)
    {
        if (_entries.Length < capacity + 1)
        {
            _entries.Dispose();
            _entries = new AlignedBuffer<Entry>(capacity + 1);
        }

        _capacity = capacity;
        Count = _cursor = 0;
    }

    public float Score(int at) => _entries.Pointer[at].Score;

    public int Node(int at) => (int)(_entries.Pointer[at].Node & ~Expanded);

    /// <summary>Whether a score would enter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Admits(float score) => Count < _capacity || score < _entries.Pointer[Count - 1].Score;

    /// <summary>Enters a node that is not in yet, behind its equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Insert(float score, int node)
    {
        if (!Admits(score))
            return;
        Entry* entries = _entries.Pointer;
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (entries[middle].Score <= score)
                low = middle + 1;
            else
                high = middle;
        }

        int moved = Math.Min(Count, _capacity - 1) - low;
        if (moved > 0)
            Buffer.MemoryCopy(entries + low, entries + low + 1, moved * sizeof(Entry), moved * sizeof(Entry));
        entries[low] = new Entry(score, (uint)node);
        if (Count < _capacity)
            Count++;
        _cursor = Math.Min(_cursor, low);
    }

    /// <summary>The nearest node whose neighbours were not looked at, and marks it; -1 when there is none.</summary>
    public int Next()
    {
        Entry* entries = _entries.Pointer;
        for (; _cursor < Count; _cursor++)
        {
            uint node = entries[_cursor].Node;
            if ((node & Expanded) != 0)
                continue;
            entries[_cursor].Node = node | Expanded;
            return (int)node;
        }

        return -1;
    }

    public void Dispose() => _entries.Dispose();

    private struct Entry(float score, uint node)
    {
        public readonly float Score = score;
        public uint Node = node;
    }
}

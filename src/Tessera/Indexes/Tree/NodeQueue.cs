using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>The nodes of a tree that a search has seen and not entered, the nearest on top; grows to what its searches need.</summary>
internal sealed class NodeQueue
{
    private Candidate[] _heap = new Candidate[64];
    private int _count;

    /// <summary>The nodes in the queue, by no order that can be relied on.</summary>
    public ReadOnlySpan<Candidate> Nodes => _heap.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void Push(Candidate node)
    {
        if (_count == _heap.Length)
            Array.Resize(ref _heap, 2 * _heap.Length);
        int at = _count++;
        while (at > 0)
        {
            int parent = (at - 1) / 2;
            if (!node.Before(_heap[parent]))
                break;
            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = node;
    }

    public bool TryPop(out Candidate node)
    {
        node = _heap[0];
        if (_count == 0)
            return false;
        Candidate last = _heap[--_count];
        int at = 0;
        for (int child = 1; child < _count; child = 2 * at + 1)
        {
            if (child + 1 < _count && _heap[child + 1].Before(_heap[child]))
                child++;
            if (!_heap[child].Before(last))
                break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        return true;
    }

    /// <summary>Puts other distances in the place of those that nodes were pushed with.</summary>
    /// <param name="distances">One for each of <see cref="Nodes"/>.</param>
    public void Reorder(ReadOnlySpan<float> distances)
    {
        int count = _count;
        _count = 0;
        // A node is pushed to where nodes before it stood, so none is overwritten that is still to come.
        for (int i = 0; i < count; i++)
            Push(new Candidate(distances[i], _heap[i].Ordinal));
    }
}

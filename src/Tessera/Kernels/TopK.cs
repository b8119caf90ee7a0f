using System.Numerics;

namespace Tessera.Kernels;

/// <summary>
/// The k best of a stream, in memory of the caller's: a heap with the worst on top, so that a candidate that does not
/// belong costs one compare. The result does not depend on the order of the stream.
/// </summary>
internal ref struct TopK(Span<Candidate> heap)
{
    private readonly Span<Candidate> _heap = heap;

    /// <summary>Candidates held, at most k.</summary>
    public int Count { get; private set; }

    /// <summary>Candidates that there is room for: k.</summary>
    public readonly int Room => _heap.Length;

    /// <summary>A distance above this cannot enter: the worst one held, or infinity while there is room.</summary>
    public readonly float Threshold => Count < _heap.Length ? float.PositiveInfinity : _heap[0].Distance;

    /// <summary>Takes a heap over in which <paramref name="count"/> candidates lie already.</summary>
    public static TopK Resume(Span<Candidate> heap, int count) => new(heap) { Count = count };

    /// <summary>Offers a candidate; NaN never enters.</summary>
    public void Push(float distance, int ordinal)
    {
        var candidate = new Candidate(distance, ordinal);
        if (Count < _heap.Length)
        {
            if (float.IsNaN(distance))
                return;
            int at = Count++;
            while (at > 0)
            {
                int parent = (at - 1) / 2;
                if (!_heap[parent].Before(candidate))
                    break;
                _heap[at] = _heap[parent];
                at = parent;
            }

            _heap[at] = candidate;
        }
        else if (candidate.Before(_heap[0]))
        {
            SiftDown(_heap, candidate);
        }
    }

    /// <summary>Offers candidates that lie together, numbered from <paramref name="firstOrdinal"/> on; a register of them that are all too far costs one compare.</summary>
    public void PushAll(ReadOnlySpan<float> distances, int firstOrdinal)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= distances.Length; i += Vector<float>.Count)
        {
            if (!Vector.LessThanOrEqualAny(new Vector<float>(distances[i..]), new Vector<float>(Threshold)))
                continue;
            for (int j = i; j < i + Vector<float>.Count; j++)
                Push(distances[j], firstOrdinal + j);
        }

        for (; i < distances.Length; i++)
            Push(distances[i], firstOrdinal + i);
    }

    /// <summary>Offers candidates that lie together, each with its ordinal.</summary>
    public void PushAll(scoped ReadOnlySpan<float> distances, scoped ReadOnlySpan<int> ordinals)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= distances.Length; i += Vector<float>.Count)
        {
            if (!Vector.LessThanOrEqualAny(new Vector<float>(distances[i..]), new Vector<float>(Threshold)))
                continue;
            for (int j = i; j < i + Vector<float>.Count; j++)
                Push(distances[j], ordinals[j]);
        }

        for (; i < distances.Length; i++)
            Push(distances[i], ordinals[i]);
    }

    /// <summary>Puts what is held in order, best first; nothing may be pushed afterwards.</summary>
    public readonly Span<Candidate> Sort()
    {
        Span<Candidate> rest = _heap[..Count];
        while (rest.Length > 1)
        {
            Candidate worst = rest[0], last = rest[^1];
            rest[^1] = worst;
            rest = rest[..^1];
            SiftDown(rest, last);
        }

        return _heap[..Count];
    }

    private static void SiftDown(Span<Candidate> heap, Candidate candidate)
    {
        int at = 0;
        for (int child = 1; child < heap.Length; child = 2 * at + 1)
        {
            if (child + 1 < heap.Length && heap[child].Before(heap[child + 1]))
                child++;
            if (!candidate.Before(heap[child]))
                break;
            heap[at] = heap[child];
            at = child;
        }

        heap[at] = candidate;
    }
}

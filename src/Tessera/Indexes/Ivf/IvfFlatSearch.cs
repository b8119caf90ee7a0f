using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// The search of some queries together through inverted lists of whole vectors. A list is read once for all the queries that
/// visit it, by the matrix product where they are several; candidates are numbered by their place in the lists.
/// </summary>
/// <param name="metric">How vectors are compared.</param>
/// <param name="dimension">Numbers in a vector.</param>
/// <param name="lists">The lists.</param>
/// <param name="starts">The number of the first vector of each list.</param>
/// <param name="allowed">The vectors that may be answers; null for all.</param>
/// <param name="room">Candidates kept for each query.</param>
internal readonly ref struct IvfFlatSearch(Metric metric, int dimension, RowList<float>[] lists, int[] starts, RowSet? allowed, int room)
{
    /// <summary>Queries below which measuring a list for each beats packing it for the matrix product.</summary>
    private const int FewQueries = 3;

    private readonly Metric _metric = metric;
    private readonly int _dimension = dimension;
    private readonly RowList<float>[] _lists = lists;
    private readonly int[] _starts = starts;
    private readonly RowSet? _allowed = allowed;
    private readonly int _room = room;

    /// <summary>One query through one list, measured directly and numbered by ordinals.</summary>
    public static void ScanAlone(Metric metric, int dimension, RowList<float> list, RowSet? allowed, ReadOnlySpan<float> query, ref TopK top, IvfFlatScratch scratch)
    {
        ReadOnlySpan<float> rows = list.Rows.Span;
        for (int start = 0; start < list.Count; start += IvfFlatScratch.RowBlock)
        {
            int count = Math.Min(IvfFlatScratch.RowBlock, list.Count - start);
            Span<float> distances = scratch.RowNumbers.AsSpan(0, count);
            ExactDistance.OfMany(metric, query, rows.Slice(start * dimension, count * dimension), distances);
            ReadOnlySpan<int> ordinals = list.Ordinals.Span.Slice(start, count);
            allowed?.Mask(ordinals, distances, float.NaN);
            top.PushAll(distances, ordinals);
        }
    }

    /// <summary>Makes all visits that the scratch has noted.</summary>
    public void VisitAll(ReadOnlySpan<float> queries, IvfFlatScratch scratch, CancellationToken cancellationToken)
    {
        // Each query's nearest list first: what it finds there spares most of what the others would offer.
        foreach (ListVisits visits in (ReadOnlySpan<ListVisits>)[scratch.NearestVisits, scratch.OtherVisits])
        {
            int[][] visitors = visits.ByList(_lists.Length);
            for (int list = 0; list < _lists.Length; list++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Visit(list, queries, visitors[list], scratch);
            }
        }
    }

    /// <summary>Visits one list for some queries.</summary>
    /// <param name="list">Its number.</param>
    /// <param name="queries">All queries.</param>
    /// <param name="visitors">Those that visit this list.</param>
    /// <param name="scratch">Holds the heaps.</param>
    private void Visit(int list, ReadOnlySpan<float> queries, ReadOnlySpan<int> visitors, IvfFlatScratch scratch)
    {
        if (_lists[list].Count == 0 || visitors.IsEmpty)
            return;
        if (_metric == Metric.InnerProduct)
            scratch.LargestNorm = Math.Max(scratch.LargestNorm, ExactDistance.LargestNorm(_lists[list].Rows.Span[..(_lists[list].Count * _dimension)], _dimension));
        if (visitors.Length >= FewQueries)
        {
            Multiply(list, queries, visitors, scratch);
            return;
        }

        foreach (int query in visitors)
            Scan(list, queries.Slice(query * _dimension, _dimension), query, scratch);
    }

    /// <summary>Measures the candidates of a query directly, which the product's distances are not exact enough for, and puts ordinals in the place of numbers.</summary>
    /// <param name="query">The query.</param>
    /// <param name="number">Its number.</param>
    /// <param name="k">Answers wanted.</param>
    /// <param name="scratch">Holds the heaps.</param>
    /// <param name="nearest">Receives the k nearest candidates, nearest first.</param>
    /// <returns>Whether they are certain to be the nearest of all vectors visited.</returns>
    public bool Finish(ReadOnlySpan<float> query, int number, int k, IvfFlatScratch scratch, out Span<Candidate> nearest)
    {
        Span<Candidate> heap = scratch.Heap(number, _room);
        foreach (ref Candidate candidate in heap)
        {
            int list = Array.BinarySearch(_starts, candidate.Ordinal);
            if (list < 0)
                list = ~list - 1;
            // Empty lists begin where the next one does; the vector is in the last of them.
            while (list + 1 < _starts.Length && _starts[list + 1] == _starts[list])
                list++;
            int at = candidate.Ordinal - _starts[list];
            ReadOnlySpan<float> row = _lists[list].Rows.Span.Slice(at * _dimension, _dimension);
            candidate = new Candidate(ExactDistance.Of(_metric, query, row), _lists[list].Ordinals.Span[at]);
        }

        heap.Sort(static (a, b) => a.Before(b) ? -1 : b.Before(a) ? 1 : 0);
        nearest = heap[..Math.Min(k, heap.Length)];
        return nearest.IsEmpty || ProductRounding.Proves(
            _metric, _dimension, nearest[^1].Distance, scratch.Thresholds[number] + Own(number, scratch), scratch.Norms[number], scratch.LargestNorm);
    }

    /// <summary>The query's own part of its distances, which the product leaves out.</summary>
    private float Own(int number, IvfFlatScratch scratch) => _metric switch { Metric.L2 => scratch.Norms[number], Metric.Cosine => 1, _ => 0 };

    private void Scan(int list, ReadOnlySpan<float> query, int number, IvfFlatScratch scratch)
    {
        TopK top = TopK.Resume(scratch.Heaps.Slice(number * _room, _room), scratch.Counts[number]);
        ReadOnlySpan<float> rows = _lists[list].Rows.Span;
        float own = Own(number, scratch);
        for (int start = 0; start < _lists[list].Count; start += IvfFlatScratch.RowBlock)
        {
            int count = Math.Min(IvfFlatScratch.RowBlock, _lists[list].Count - start);
            Span<float> distances = scratch.RowNumbers.AsSpan(0, count);
            ExactDistance.OfMany(_metric, query, rows.Slice(start * _dimension, count * _dimension), distances);
            for (int i = 0; i < count; i++)
                distances[i] -= own;
            _allowed?.Mask(_lists[list].Ordinals.Span.Slice(start, count), distances, float.NaN);
            top.PushAll(distances, _starts[list] + start);
        }

        scratch.Counts[number] = top.Count;
        scratch.Thresholds[number] = top.Threshold;
    }

    private void Multiply(int list, ReadOnlySpan<float> queries, ReadOnlySpan<int> visitors, IvfFlatScratch scratch)
    {
        int block = MatrixProduct.BlockSize(_dimension);
        Panels left = scratch.Left.Gather(queries, visitors, _dimension, _dimension);
        ReadOnlySpan<float> rows = _lists[list].Rows.Span;
        Span<float> offsets = scratch.RowNumbers.AsSpan(0, block);
        offsets.Clear();
        for (int start = 0; start < _lists[list].Count; start += block)
        {
            int count = Math.Min(block, _lists[list].Count - start);
            ReadOnlySpan<float> some = rows.Slice(start * _dimension, count * _dimension);
            if (_metric == Metric.L2)
                Distance.SquaredNorms(some, _dimension, offsets[..count]);
            else if (_allowed is not null)
                offsets[..count].Clear();
            // Whatever is added to infinity enters no heap.
            _allowed?.Mask(_lists[list].Ordinals.Span.Slice(start, count), offsets[..count], float.PositiveInfinity);
            Panels right = scratch.Right.Pack(some, count, _dimension, _dimension);
            NearestRight.Push(left, right, offsets, _metric == Metric.L2 ? -2 : -1, _starts[list] + start, _room, scratch.Heaps, scratch.Counts, scratch.Thresholds, visitors);
        }
    }
}

using Tessera.Kernels;
using Tessera.Quantization;

namespace Tessera.Indexes;

/// <summary>The scan of lists of scalar codes for some queries at a time.</summary>
/// <param name="quantizer">Compares a query with codes.</param>
/// <param name="allowed">The ordinals that may be answers; null for all.</param>
/// <param name="k">Answers wanted.</param>
/// <param name="scratch">Holds the queries and their heaps.</param>
internal readonly ref struct ScalarSearch(ScalarQuantizer quantizer, RowSet? allowed, int k, ScalarScratch scratch)
{
    /// <summary>Looks at all codes of a list; each block is read from memory once for all queries.</summary>
    /// <param name="list">The list.</param>
    /// <param name="first">The first query.</param>
    /// <param name="count">Queries that visit it.</param>
    public void Visit(RowList<byte> list, int first, int count)
    {
        int size = quantizer.CodeSize;
        for (int start = 0; start < list.Count; start += ScalarScratch.RowBlock)
        {
            int rows = Math.Min(ScalarScratch.RowBlock, list.Count - start);
            ReadOnlySpan<byte> codes = list.Rows.Span.Slice(start * size, rows * size);
            ReadOnlySpan<int> ordinals = list.Ordinals.Span.Slice(start, rows);
            for (int query = first; query < first + count; query++)
                Measure(query, codes, default, ordinals);
        }
    }

    /// <summary>Looks at those codes of a list only that may be answers, where they are few and the list's ordinals follow each other.</summary>
    /// <param name="list">The list.</param>
    /// <param name="members">The list's ordinals that may be answers, in order.</param>
    /// <param name="count">Queries.</param>
    public void VisitMembers(RowList<byte> list, ReadOnlySpan<int> members, int count)
    {
        int before = list.Ordinals.Span[0];
        for (; !members.IsEmpty; members = members[Math.Min(members.Length, ScalarScratch.RowBlock)..])
        {
            ReadOnlySpan<int> ordinals = members[..Math.Min(members.Length, ScalarScratch.RowBlock)];
            Span<int> positions = scratch.Positions.AsSpan(0, ordinals.Length);
            for (int i = 0; i < positions.Length; i++)
                positions[i] = ordinals[i] - before;
            for (int query = 0; query < count; query++)
                Measure(query, list.Rows.Span[..(list.Count * quantizer.CodeSize)], positions, ordinals);
        }
    }

    private void Measure(int query, ReadOnlySpan<byte> codes, ReadOnlySpan<int> positions, ReadOnlySpan<int> ordinals)
    {
        Span<float> distances = scratch.Distances.AsSpan(0, ordinals.Length);
        quantizer.Distances(scratch.Query(query), codes, positions, distances);
        allowed?.Mask(ordinals, distances, float.NaN);
        TopK heap = scratch.Heap(query, k);
        heap.PushAll(distances, ordinals);
        scratch.Keep(query, heap);
    }
}

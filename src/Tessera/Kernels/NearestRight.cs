namespace Tessera.Kernels;

/// <summary>The nearest right vectors of each left vector: the matrix product with a top-k for its epilogue.</summary>
internal static unsafe class NearestRight
{
    /// <summary>Offers all right vectors to the heaps of all left vectors, at the distance <c>offsets[right] + factor * product</c>.</summary>
    /// <param name="left">Packed queries.</param>
    /// <param name="right">Packed rows.</param>
    /// <param name="offsets">One number for each right vector, whole panels.</param>
    /// <param name="factor">-2 for L2, -1 for the inner product.</param>
    /// <param name="firstOrdinal">The ordinal of right vector 0.</param>
    /// <param name="k">Room of each heap.</param>
    /// <param name="heaps">k candidates for each query.</param>
    /// <param name="counts">Candidates in each heap.</param>
    /// <param name="thresholds">The worst distance of each full heap, infinity for the others.</param>
    /// <param name="owners">The query, and so the heap, of each left vector.</param>
    public static void Push(Panels left, Panels right, ReadOnlySpan<float> offsets, float factor, int firstOrdinal, int k, Span<Candidate> heaps, Span<int> counts, Span<float> thresholds, ReadOnlySpan<int> owners)
    {
        if (offsets.Length < right.PanelCount * Panels.RightWidth || owners.Length < left.Count)
            throw new ArgumentException("Offsets must cover the right vectors, owners the left ones.");
        foreach (int owner in owners[..left.Count])
        {
            if (owner < 0 || heaps.Length < (owner + 1L) * k || counts.Length <= owner || thresholds.Length <= owner)
                throw new ArgumentException("Heaps, counts and thresholds must cover all owners.");
        }

        fixed (float* offset = offsets, threshold = thresholds)
        fixed (Candidate* heap = heaps)
        fixed (int* count = counts, own = owners)
        {
            var sink = new TopKSink(offset, factor, firstOrdinal, k, heap, count, threshold, own);
            MatrixProduct.Run(left, right, ref sink);
        }
    }
}

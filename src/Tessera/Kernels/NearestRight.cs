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
    public static void Push(Panels left, Panels right, ReadOnlySpan<float> offsets, float factor, int firstOrdinal, int k, Span<Candidate> heaps, Span<int> counts, Span<float> thresholds)
    {
        if (offsets.Length < right.PanelCount * Panels.RightWidth || heaps.Length < (long)left.Count * k || counts.Length < left.Count || thresholds.Length < left.Count)
            throw new ArgumentException("Offsets must cover the right vectors; heaps, counts and thresholds the left ones.");
        fixed (float* offset = offsets, threshold = thresholds)
        fixed (Candidate* heap = heaps)
        fixed (int* count = counts)
        {
            var sink = new TopKSink(offset, factor, firstOrdinal, k, heap, count, threshold);
            MatrixProduct.Run(left, right, ref sink);
        }
    }
}

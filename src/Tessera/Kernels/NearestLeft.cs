namespace Tessera.Kernels;

/// <summary>The nearest left vector of each right vector: the matrix product with an argmin for its epilogue.</summary>
internal static unsafe class NearestLeft
{
    /// <summary>Finds, for each right vector, the left vector with the least <c>offsets[left] - 2 * product</c>, ties to the lower number.</summary>
    /// <param name="left">Packed left vectors (centroids).</param>
    /// <param name="offsets">Squared norms of the left vectors for L2; other offsets bias the choice.</param>
    /// <param name="right">Packed right vectors.</param>
    /// <param name="firstPanel">First right panel to take.</param>
    /// <param name="panelCount">Right panels to take.</param>
    /// <param name="best">Receives the least values; room for those whole panels.</param>
    /// <param name="index">Receives the left vectors, likewise.</param>
    public static void Find(Panels left, ReadOnlySpan<float> offsets, Panels right, int firstPanel, int panelCount, Span<float> best, Span<int> index)
    {
        int room = panelCount * Panels.RightWidth;
        if (best.Length < room || index.Length < room || offsets.Length < left.Count)
            throw new ArgumentException("Offsets, best and index must cover the left and the (whole panels of) right vectors.");
        best[..room].Fill(float.PositiveInfinity);
        index[..room].Clear();
        fixed (float* offset = offsets, value = best)
        fixed (int* at = index)
        {
            var sink = new ArgMinSink(offset, value, at);
            MatrixProduct.Run(left, right, firstPanel, panelCount, ref sink);
        }
    }

    /// <summary>As <see cref="Find"/>, and gives the second least value of each right vector too.</summary>
    public static void FindTwo(Panels left, ReadOnlySpan<float> offsets, Panels right, Span<float> best, Span<float> second, Span<int> index)
    {
        int room = right.PanelCount * Panels.RightWidth;
        if (best.Length < room || second.Length < room || index.Length < room || offsets.Length < left.Count)
            throw new ArgumentException("Offsets, best, second and index must cover the left and the (whole panels of) right vectors.");
        best[..room].Fill(float.PositiveInfinity);
        second[..room].Fill(float.PositiveInfinity);
        index[..room].Clear();
        fixed (float* offset = offsets, value = best, next = second)
        fixed (int* at = index)
        {
            var sink = new NearestTwoSink(offset, value, next, at);
            MatrixProduct.Run(left, right, ref sink);
        }
    }

    /// <summary>Lists the pairs whose <c>offsets[left] - 2 * product</c> is below the right vector's limit.</summary>
    /// <param name="left">Packed left vectors.</param>
    /// <param name="offsets">One number for each left vector.</param>
    /// <param name="right">Packed right vectors.</param>
    /// <param name="firstPanel">First right panel to take.</param>
    /// <param name="panelCount">Right panels to take.</param>
    /// <param name="limits">One number for each right vector of those panels, whole panels.</param>
    /// <param name="pairs">Receives the pairs; those of one right vector in the order of the left ones.</param>
    public static void ListBelow(Panels left, ReadOnlySpan<float> offsets, Panels right, int firstPanel, int panelCount, ReadOnlySpan<float> limits, List<Pair> pairs)
    {
        if (limits.Length < panelCount * Panels.RightWidth || offsets.Length < left.Count)
            throw new ArgumentException("Offsets and limits must cover the left and the (whole panels of) right vectors.");
        fixed (float* offset = offsets, limit = limits)
        {
            var sink = new BelowSink(offset, limit, pairs);
            MatrixProduct.Run(left, right, firstPanel, panelCount, ref sink);
        }
    }
}

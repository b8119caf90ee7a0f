using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>
/// Keeps, for the owner of every left vector (a query), the k right vectors (stored rows) with the least
/// <c>offset[right] + factor * product</c>. The common case, nothing among 16 rows near enough, is one compare.
/// </summary>
/// <param name="offsets">One number for each right vector, room for whole panels.</param>
/// <param name="factor">-2 for L2, -1 for the inner product.</param>
/// <param name="firstOrdinal">The ordinal of right vector 0.</param>
/// <param name="k">Candidates for each query.</param>
/// <param name="heaps">k candidates for each query.</param>
/// <param name="counts">How many of them are filled, one for each query.</param>
/// <param name="thresholds">The distance to beat, one for each query; starts at infinity.</param>
/// <param name="owners">The query that each left vector is.</param>
internal readonly unsafe struct TopKSink(float* offsets, float factor, int firstOrdinal, int k, Candidate* heaps, int* counts, float* thresholds, int* owners) : ITileSink
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accept(int row, int column, int rows, int columns, float* tile)
    {
        if (Vector512.IsHardwareAccelerated)
            Accept<Ops512, Vector512<float>>(row, column, rows, columns, tile);
        else if (Vector256.IsHardwareAccelerated)
            Accept<Ops256, Vector256<float>>(row, column, rows, columns, tile);
        else if (Vector128.IsHardwareAccelerated)
            Accept<Ops128, Vector128<float>>(row, column, rows, columns, tile);
        else
            Accept<OpsScalar, float>(row, column, rows, columns, tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accept<TOps, T>(int row, int column, int rows, int columns, float* tile)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        T factors = TOps.Create(factor);
        for (int lane = 0; lane < columns; lane += TOps.Width)
        {
            T offset = TOps.Load(offsets + column + lane);
            for (int i = 0; i < rows; i++)
            {
                T value = TOps.MultiplyAdd(TOps.Load(tile + i * Panels.RightWidth + lane), factors, offset);
                uint below = TOps.Bits(TOps.LessThan(value, TOps.Create(thresholds[owners[row + i]])));
                if (below != 0)
                    Push<TOps, T>(below, value, owners[row + i], column + lane, columns - lane);
            }
        }
    }

    private void Push<TOps, T>(uint below, T value, int query, int right, int valid)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        float* values = stackalloc float[16];
        TOps.Store(value, values);
        TopK top = TopK.Resume(new Span<Candidate>(heaps + (long)query * k, k), counts[query]);
        for (; below != 0; below &= below - 1)
        {
            int lane = BitOperations.TrailingZeroCount(below);
            if (lane < valid)
                top.Push(values[lane], firstOrdinal + right + lane);
        }

        counts[query] = top.Count;
        thresholds[query] = top.Threshold;
    }
}

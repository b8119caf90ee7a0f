using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>
/// Lists the pairs whose <c>offset[left] - 2 * product</c> is below the right vector's limit: what a bound could not rule
/// out. The common case, nothing below, is one compare for each register.
/// </summary>
/// <param name="offsets">One number for each left vector.</param>
/// <param name="limits">One number for each right vector, room for a whole panel.</param>
/// <param name="pairs">Receives the pairs; grows.</param>
internal readonly unsafe struct BelowSink(float* offsets, float* limits, List<Pair> pairs) : ITileSink
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
        float* offset = offsets + row;
        T minusTwo = TOps.Create(-2);
        for (int lane = 0; lane < columns; lane += TOps.Width)
        {
            T limit = TOps.Load(limits + column + lane);
            for (int i = 0; i < rows; i++)
            {
                T value = TOps.MultiplyAdd(TOps.Load(tile + i * Panels.RightWidth + lane), minusTwo, TOps.Create(offset[i]));
                uint below = TOps.Bits(TOps.LessThan(value, limit));
                if (below != 0)
                    Append<TOps, T>(below, value, row + i, column + lane, columns - lane);
            }
        }
    }

    private void Append<TOps, T>(uint below, T value, int left, int right, int valid)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        float* values = stackalloc float[16];
        TOps.Store(value, values);
        for (; below != 0; below &= below - 1)
        {
            int lane = BitOperations.TrailingZeroCount(below);
            if (lane < valid)
                pairs.Add(new Pair(left, right + lane, values[lane]));
        }
    }
}

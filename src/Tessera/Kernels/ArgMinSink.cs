using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>
/// Keeps, for every right vector, the left vector with the least <c>offset[left] - 2 * product</c>; with the left vector's
/// squared norm as offset that is the nearest by L2, short of the right vector's own norm. Ties go to the lower number.
/// The lanes are right vectors, so that nothing is ever reduced across lanes.
/// </summary>
/// <param name="offsets">One number for each left vector.</param>
/// <param name="best">Least value so far, one for each right vector, room for a whole panel; start it at infinity.</param>
/// <param name="index">The left vector that gave it, likewise.</param>
internal readonly unsafe struct ArgMinSink(float* offsets, float* best, int* index) : ITileSink
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accept(int row, int column, int rows, int columns, float* tile)
    {
        if (Vector512.IsHardwareAccelerated)
            Accept<Ops512, Vector512<float>>(row, column, rows, tile);
        else if (Vector256.IsHardwareAccelerated)
            Accept<Ops256, Vector256<float>>(row, column, rows, tile);
        else if (Vector128.IsHardwareAccelerated)
            Accept<Ops128, Vector128<float>>(row, column, rows, tile);
        else
            Accept<OpsScalar, float>(row, column, rows, tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accept<TOps, T>(int row, int column, int rows, float* tile)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        float* offset = offsets + row;
        T minusTwo = TOps.Create(-2);
        for (int lane = 0; lane < Panels.RightWidth; lane += TOps.Width)
        {
            T least = TOps.Load(best + column + lane);
            T at = TOps.Load((float*)(index + column + lane));
            for (int i = 0; i < rows; i++)
            {
                T value = TOps.MultiplyAdd(TOps.Load(tile + i * Panels.RightWidth + lane), minusTwo, TOps.Create(offset[i]));
                T less = TOps.LessThan(value, least);
                least = TOps.Select(less, value, least);
                at = TOps.Select(less, TOps.CreateIndex(row + i), at);
            }

            TOps.Store(least, best + column + lane);
            TOps.Store(at, (float*)(index + column + lane));
        }
    }
}

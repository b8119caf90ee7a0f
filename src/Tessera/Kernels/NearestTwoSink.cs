using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>
/// As <see cref="ArgMinSink"/>, and keeps the second least value of every right vector too, which tells how sure the choice is.
/// </summary>
/// <param name="offsets">One number for each left vector.</param>
/// <param name="best">Least value so far, one for each right vector, room for a whole panel; start it at infinity.</param>
/// <param name="second">Second least value so far, likewise.</param>
/// <param name="index">The left vector that gave the least, likewise.</param>
internal readonly unsafe struct NearestTwoSink(float* offsets, float* best, float* second, int* index) : ITileSink
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
            T next = TOps.Load(second + column + lane);
            T at = TOps.Load((float*)(index + column + lane));
            for (int i = 0; i < rows; i++)
            {
                T value = TOps.MultiplyAdd(TOps.Load(tile + i * Panels.RightWidth + lane), minusTwo, TOps.Create(offset[i]));
                T less = TOps.LessThan(value, least);
                // Of the two, the one that is not the least now.
                next = TOps.Min(next, TOps.Select(less, least, value));
                least = TOps.Select(less, value, least);
                at = TOps.Select(less, TOps.CreateIndex(row + i), at);
            }

            TOps.Store(least, best + column + lane);
            TOps.Store(next, second + column + lane);
            TOps.Store(at, (float*)(index + column + lane));
        }
    }
}

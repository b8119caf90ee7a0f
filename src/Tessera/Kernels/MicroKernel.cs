using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>
/// The inner loop of the matrix product: one tile of 12 left by 32 right vectors, products summed over the depth in
/// registers and stored once, row after row. Every width sums in the same order, so all give the same bits where the
/// machine has fused multiply-add.
/// </summary>
internal static unsafe class MicroKernel
{
    /// <summary>Numbers in a tile.</summary>
    public const int TileSize = Panels.LeftWidth * Panels.RightWidth;

    /// <summary>Computes one tile with the widest registers that the machine has.</summary>
    /// <param name="left">A panel of 12 vectors.</param>
    /// <param name="right">A panel of 32 vectors, aligned to 64 bytes.</param>
    /// <param name="depth">Numbers in each vector.</param>
    /// <param name="tile">Receives 12 rows of 32 products, aligned to 64 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(float* left, float* right, int depth, float* tile)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run512(left, right, depth, tile);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            // 16 registers hold 6 x 16: the tile is done in four quarters.
            for (int row = 0; row < Panels.LeftWidth; row += 6)
                for (int column = 0; column < Panels.RightWidth; column += 16)
                    Run256(left + row, right + column, depth, tile + row * Panels.RightWidth + column);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (int row = 0; row < Panels.LeftWidth; row += 4)
                for (int column = 0; column < Panels.RightWidth; column += 8)
                    Run128(left + row, right + column, depth, tile + row * Panels.RightWidth + column);
        }
        else
        {
            RunScalar(left, right, depth, tile);
        }
    }

    /// <summary>12 x 32 in 24 of the 32 registers; two loads and twelve broadcasts feed 24 multiply-adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run512(float* left, float* right, int depth, float* tile)
    {
        Vector512<float> c0a = Vector512<float>.Zero, c0b = Vector512<float>.Zero;
        Vector512<float> c1a = Vector512<float>.Zero, c1b = Vector512<float>.Zero;
        Vector512<float> c2a = Vector512<float>.Zero, c2b = Vector512<float>.Zero;
        Vector512<float> c3a = Vector512<float>.Zero, c3b = Vector512<float>.Zero;
        Vector512<float> c4a = Vector512<float>.Zero, c4b = Vector512<float>.Zero;
        Vector512<float> c5a = Vector512<float>.Zero, c5b = Vector512<float>.Zero;
        Vector512<float> c6a = Vector512<float>.Zero, c6b = Vector512<float>.Zero;
        Vector512<float> c7a = Vector512<float>.Zero, c7b = Vector512<float>.Zero;
        Vector512<float> c8a = Vector512<float>.Zero, c8b = Vector512<float>.Zero;
        Vector512<float> c9a = Vector512<float>.Zero, c9b = Vector512<float>.Zero;
        Vector512<float> c10a = Vector512<float>.Zero, c10b = Vector512<float>.Zero;
        Vector512<float> c11a = Vector512<float>.Zero, c11b = Vector512<float>.Zero;
        for (float* end = left + (long)depth * Panels.LeftWidth; left < end; left += Panels.LeftWidth, right += Panels.RightWidth)
        {
            Vector512<float> b0 = Vector512.LoadAligned(right), b1 = Vector512.LoadAligned(right + 16);
            Vector512<float> a = Vector512.Create(left[0]);
            c0a = Vector512.MultiplyAddEstimate(a, b0, c0a);
            c0b = Vector512.MultiplyAddEstimate(a, b1, c0b);
            a = Vector512.Create(left[1]);
            c1a = Vector512.MultiplyAddEstimate(a, b0, c1a);
            c1b = Vector512.MultiplyAddEstimate(a, b1, c1b);
            a = Vector512.Create(left[2]);
            c2a = Vector512.MultiplyAddEstimate(a, b0, c2a);
            c2b = Vector512.MultiplyAddEstimate(a, b1, c2b);
            a = Vector512.Create(left[3]);
            c3a = Vector512.MultiplyAddEstimate(a, b0, c3a);
            c3b = Vector512.MultiplyAddEstimate(a, b1, c3b);
            a = Vector512.Create(left[4]);
            c4a = Vector512.MultiplyAddEstimate(a, b0, c4a);
            c4b = Vector512.MultiplyAddEstimate(a, b1, c4b);
            a = Vector512.Create(left[5]);
            c5a = Vector512.MultiplyAddEstimate(a, b0, c5a);
            c5b = Vector512.MultiplyAddEstimate(a, b1, c5b);
            a = Vector512.Create(left[6]);
            c6a = Vector512.MultiplyAddEstimate(a, b0, c6a);
            c6b = Vector512.MultiplyAddEstimate(a, b1, c6b);
            a = Vector512.Create(left[7]);
            c7a = Vector512.MultiplyAddEstimate(a, b0, c7a);
            c7b = Vector512.MultiplyAddEstimate(a, b1, c7b);
            a = Vector512.Create(left[8]);
            c8a = Vector512.MultiplyAddEstimate(a, b0, c8a);
            c8b = Vector512.MultiplyAddEstimate(a, b1, c8b);
            a = Vector512.Create(left[9]);
            c9a = Vector512.MultiplyAddEstimate(a, b0, c9a);
            c9b = Vector512.MultiplyAddEstimate(a, b1, c9b);
            a = Vector512.Create(left[10]);
            c10a = Vector512.MultiplyAddEstimate(a, b0, c10a);
            c10b = Vector512.MultiplyAddEstimate(a, b1, c10b);
            a = Vector512.Create(left[11]);
            c11a = Vector512.MultiplyAddEstimate(a, b0, c11a);
            c11b = Vector512.MultiplyAddEstimate(a, b1, c11b);
        }

        Store(c0a, c0b, tile);
        Store(c1a, c1b, tile + Panels.RightWidth);
        Store(c2a, c2b, tile + 2 * Panels.RightWidth);
        Store(c3a, c3b, tile + 3 * Panels.RightWidth);
        Store(c4a, c4b, tile + 4 * Panels.RightWidth);
        Store(c5a, c5b, tile + 5 * Panels.RightWidth);
        Store(c6a, c6b, tile + 6 * Panels.RightWidth);
        Store(c7a, c7b, tile + 7 * Panels.RightWidth);
        Store(c8a, c8b, tile + 8 * Panels.RightWidth);
        Store(c9a, c9b, tile + 9 * Panels.RightWidth);
        Store(c10a, c10b, tile + 10 * Panels.RightWidth);
        Store(c11a, c11b, tile + 11 * Panels.RightWidth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> a, Vector512<float> b, float* target)
    {
        a.StoreAligned(target);
        b.StoreAligned(target + 16);
    }

    /// <summary>6 x 16 in 12 of the 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run256(float* left, float* right, int depth, float* tile)
    {
        Vector256<float> c0a = Vector256<float>.Zero, c0b = Vector256<float>.Zero;
        Vector256<float> c1a = Vector256<float>.Zero, c1b = Vector256<float>.Zero;
        Vector256<float> c2a = Vector256<float>.Zero, c2b = Vector256<float>.Zero;
        Vector256<float> c3a = Vector256<float>.Zero, c3b = Vector256<float>.Zero;
        Vector256<float> c4a = Vector256<float>.Zero, c4b = Vector256<float>.Zero;
        Vector256<float> c5a = Vector256<float>.Zero, c5b = Vector256<float>.Zero;
        for (float* end = left + (long)depth * Panels.LeftWidth; left < end; left += Panels.LeftWidth, right += Panels.RightWidth)
        {
            Vector256<float> b0 = Vector256.LoadAligned(right), b1 = Vector256.LoadAligned(right + 8);
            Vector256<float> a = Vector256.Create(left[0]);
            c0a = Vector256.MultiplyAddEstimate(a, b0, c0a);
            c0b = Vector256.MultiplyAddEstimate(a, b1, c0b);
            a = Vector256.Create(left[1]);
            c1a = Vector256.MultiplyAddEstimate(a, b0, c1a);
            c1b = Vector256.MultiplyAddEstimate(a, b1, c1b);
            a = Vector256.Create(left[2]);
            c2a = Vector256.MultiplyAddEstimate(a, b0, c2a);
            c2b = Vector256.MultiplyAddEstimate(a, b1, c2b);
            a = Vector256.Create(left[3]);
            c3a = Vector256.MultiplyAddEstimate(a, b0, c3a);
            c3b = Vector256.MultiplyAddEstimate(a, b1, c3b);
            a = Vector256.Create(left[4]);
            c4a = Vector256.MultiplyAddEstimate(a, b0, c4a);
            c4b = Vector256.MultiplyAddEstimate(a, b1, c4b);
            a = Vector256.Create(left[5]);
            c5a = Vector256.MultiplyAddEstimate(a, b0, c5a);
            c5b = Vector256.MultiplyAddEstimate(a, b1, c5b);
        }

        Store(c0a, c0b, tile);
        Store(c1a, c1b, tile + Panels.RightWidth);
        Store(c2a, c2b, tile + 2 * Panels.RightWidth);
        Store(c3a, c3b, tile + 3 * Panels.RightWidth);
        Store(c4a, c4b, tile + 4 * Panels.RightWidth);
        Store(c5a, c5b, tile + 5 * Panels.RightWidth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> a, Vector256<float> b, float* target)
    {
        a.StoreAligned(target);
        b.StoreAligned(target + 8);
    }

    /// <summary>4 x 8 in 8 of the 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run128(float* left, float* right, int depth, float* tile)
    {
        Vector128<float> c0a = Vector128<float>.Zero, c0b = Vector128<float>.Zero;
        Vector128<float> c1a = Vector128<float>.Zero, c1b = Vector128<float>.Zero;
        Vector128<float> c2a = Vector128<float>.Zero, c2b = Vector128<float>.Zero;
        Vector128<float> c3a = Vector128<float>.Zero, c3b = Vector128<float>.Zero;
        for (float* end = left + (long)depth * Panels.LeftWidth; left < end; left += Panels.LeftWidth, right += Panels.RightWidth)
        {
            Vector128<float> b0 = Vector128.LoadAligned(right), b1 = Vector128.LoadAligned(right + 4);
            Vector128<float> a = Vector128.Create(left[0]);
            c0a = Vector128.MultiplyAddEstimate(a, b0, c0a);
            c0b = Vector128.MultiplyAddEstimate(a, b1, c0b);
            a = Vector128.Create(left[1]);
            c1a = Vector128.MultiplyAddEstimate(a, b0, c1a);
            c1b = Vector128.MultiplyAddEstimate(a, b1, c1b);
            a = Vector128.Create(left[2]);
            c2a = Vector128.MultiplyAddEstimate(a, b0, c2a);
            c2b = Vector128.MultiplyAddEstimate(a, b1, c2b);
            a = Vector128.Create(left[3]);
            c3a = Vector128.MultiplyAddEstimate(a, b0, c3a);
            c3b = Vector128.MultiplyAddEstimate(a, b1, c3b);
        }

        Store(c0a, c0b, tile);
        Store(c1a, c1b, tile + Panels.RightWidth);
        Store(c2a, c2b, tile + 2 * Panels.RightWidth);
        Store(c3a, c3b, tile + 3 * Panels.RightWidth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> a, Vector128<float> b, float* target)
    {
        a.StoreAligned(target);
        b.StoreAligned(target + 4);
    }

    private static void RunScalar(float* left, float* right, int depth, float* tile)
    {
        new Span<float>(tile, TileSize).Clear();
        for (int j = 0; j < depth; j++, left += Panels.LeftWidth, right += Panels.RightWidth)
            for (int row = 0; row < Panels.LeftWidth; row++)
                for (int column = 0; column < Panels.RightWidth; column++)
                    tile[row * Panels.RightWidth + column] += left[row] * right[column];
    }
}

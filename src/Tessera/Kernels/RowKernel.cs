using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>
/// The products of one left vector with all right ones. Eight registers of sums over right vectors stand side by side, so
/// that their multiply-adds overlap; the speed is that of reading the right operand. Each product adds up in the order of
/// <see cref="MicroKernel"/> and has the same bits.
/// </summary>
internal static unsafe class RowKernel
{
    /// <summary>target[j] = left . right[j].</summary>
    public static void Run(Panels left, Panels right, float* target)
    {
        Run(left.Panel(0), Panels.LeftWidth, right, target);
        GC.KeepAlive(left);
    }

    /// <summary>target[j] = vector . right[j], for a vector that is not packed.</summary>
    public static void Run(ReadOnlySpan<float> vector, Panels right, Span<float> target)
    {
        if (vector.Length != right.Depth || target.Length < right.Count)
            throw new ArgumentException($"A vector of {right.Depth} numbers has {right.Count} products, not {vector.Length} and {target.Length}.", nameof(vector));
        fixed (float* source = vector, products = target)
            Run(source, 1, right, products);
    }

    private static void Run(float* vector, int stride, Panels right, float* target)
    {
        if (Vector512.IsHardwareAccelerated)
            Run<Ops512, Vector512<float>>(vector, stride, right, target);
        else if (Vector256.IsHardwareAccelerated)
            Run<Ops256, Vector256<float>>(vector, stride, right, target);
        else if (Vector128.IsHardwareAccelerated)
            Run<Ops128, Vector128<float>>(vector, stride, right, target);
        else
            Run<OpsScalar, float>(vector, stride, right, target);
        GC.KeepAlive(right);
    }

    private static void Run<TOps, T>(float* vector, int stride, Panels right, float* target)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        int chunksEach = Panels.RightWidth / TOps.Width, chunks = right.PanelCount * chunksEach;
        float* sums = stackalloc float[8 * 16];
        for (int first = 0; first < chunks; first += 8)
        {
            // The last eight may repeat chunks that were done before; there are always eight to hide each other's latency.
            int start = Math.Max(0, Math.Min(first, chunks - 8));
            Eight<TOps, T>(vector, stride, right, start, chunksEach, Math.Min(8, chunks), sums);
            for (int chunk = 0; chunk < Math.Min(8, chunks); chunk++)
            {
                int at = (start + chunk) * TOps.Width;
                int valid = Math.Min(TOps.Width, right.Count - at);
                if (valid > 0)
                    new ReadOnlySpan<float>(sums + chunk * TOps.Width, valid).CopyTo(new Span<float>(target + at, valid));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight<TOps, T>(float* vector, int stride, Panels right, int start, int chunksEach, int count, float* sums)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        float** at = stackalloc float*[8];
        for (int i = 0; i < 8; i++)
        {
            int chunk = start + Math.Min(i, count - 1);
            at[i] = right.Panel(chunk / chunksEach) + chunk % chunksEach * TOps.Width;
        }

        float* p0 = at[0], p1 = at[1], p2 = at[2], p3 = at[3], p4 = at[4], p5 = at[5], p6 = at[6], p7 = at[7];
        T s0 = TOps.Create(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (long j = 0; j < (long)right.Depth * Panels.RightWidth; j += Panels.RightWidth, vector += stride)
        {
            T value = TOps.Create(*vector);
            s0 = TOps.MultiplyAdd(value, TOps.Load(p0 + j), s0);
            s1 = TOps.MultiplyAdd(value, TOps.Load(p1 + j), s1);
            s2 = TOps.MultiplyAdd(value, TOps.Load(p2 + j), s2);
            s3 = TOps.MultiplyAdd(value, TOps.Load(p3 + j), s3);
            s4 = TOps.MultiplyAdd(value, TOps.Load(p4 + j), s4);
            s5 = TOps.MultiplyAdd(value, TOps.Load(p5 + j), s5);
            s6 = TOps.MultiplyAdd(value, TOps.Load(p6 + j), s6);
            s7 = TOps.MultiplyAdd(value, TOps.Load(p7 + j), s7);
        }

        TOps.Store(s0, sums);
        TOps.Store(s1, sums + TOps.Width);
        TOps.Store(s2, sums + 2 * TOps.Width);
        TOps.Store(s3, sums + 3 * TOps.Width);
        TOps.Store(s4, sums + 4 * TOps.Width);
        TOps.Store(s5, sums + 5 * TOps.Width);
        TOps.Store(s6, sums + 6 * TOps.Width);
        TOps.Store(s7, sums + 7 * TOps.Width);
    }
}

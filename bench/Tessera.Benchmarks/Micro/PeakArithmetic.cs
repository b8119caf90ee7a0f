using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tessera.Kernels;

namespace Tessera.Benchmarks.Micro;

/// <summary>Multiply-adds on registers alone: the most that one core of the machine does, and so the measure of the matrix product.</summary>
internal static unsafe class PeakArithmetic
{
    /// <summary>Does at least so many floating-point operations.</summary>
    public static float Run(long operations)
    {
        if (Vector512.IsHardwareAccelerated)
            return Run<Ops512, Vector512<float>>(operations);
        if (Vector256.IsHardwareAccelerated)
            return Run<Ops256, Vector256<float>>(operations);
        if (Vector128.IsHardwareAccelerated)
            return Run<Ops128, Vector128<float>>(operations);
        return Run<OpsScalar, float>(operations);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run<TOps, T>(long operations)
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        // Ten chains cover a latency of four or five cycles at two multiply-adds a cycle.
        const int Chains = 10;
        T factor = TOps.Create(0.999f), term = TOps.Create(0.001f);
        T a = term, b = term, c = term, d = term, e = term, f = term, g = term, h = term, i = term, j = term;
        for (long left = operations; left > 0; left -= 2 * Chains * TOps.Width)
        {
            a = TOps.MultiplyAdd(a, factor, term);
            b = TOps.MultiplyAdd(b, factor, term);
            c = TOps.MultiplyAdd(c, factor, term);
            d = TOps.MultiplyAdd(d, factor, term);
            e = TOps.MultiplyAdd(e, factor, term);
            f = TOps.MultiplyAdd(f, factor, term);
            g = TOps.MultiplyAdd(g, factor, term);
            h = TOps.MultiplyAdd(h, factor, term);
            i = TOps.MultiplyAdd(i, factor, term);
            j = TOps.MultiplyAdd(j, factor, term);
        }

        T sum = TOps.Add(TOps.Add(TOps.Add(a, b), TOps.Add(c, d)), TOps.Add(TOps.Add(e, f), TOps.Add(g, h)));
        return TOps.Sum(TOps.Add(sum, TOps.Add(i, j)));
    }
}

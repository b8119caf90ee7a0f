using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tessera.Kernels;

namespace Tessera.Attention.Kernels;

/// <inheritdoc/>
/// <typeparam name="TOps">The engine's operations on a register.</typeparam>
/// <typeparam name="TRows">Attention's own.</typeparam>
/// <typeparam name="T">The register.</typeparam>
/// <typeparam name="TFormat">How the numbers of the rows lie in memory.</typeparam>
internal sealed unsafe class AttentionKernel<TOps, TRows, T, TFormat> : AttentionKernel
    where TOps : struct, IVectorOps<T>
    where TRows : struct, IRowOps<T>
    where T : unmanaged
    where TFormat : struct, IRowFormat
{
    public override int Bytes => TFormat.Bytes;

    public override void Scores(float* queries, int group, int stride, byte* rows, int pitch, int count, float* scores, int scoreStride)
    {
        for (int row = 0; row < count; row += 4)
        {
            // The last four may be fewer: the last row then stands in for those that are missing, and its scores fall into the padding.
            byte* r0 = rows + (long)row * pitch;
            byte* r1 = rows + (long)Math.Min(row + 1, count - 1) * pitch;
            byte* r2 = rows + (long)Math.Min(row + 2, count - 1) * pitch;
            byte* r3 = rows + (long)Math.Min(row + 3, count - 1) * pitch;
            float* target = scores + row;
            float* query = queries;
            int g = 0;
            Fetch(r0 + Ahead, 4 * pitch);
            for (; g + 4 <= group; g += 4, query += 4 * stride, target += 4 * scoreStride)
                FourByFour(query, stride, r0, r1, r2, r3, target, scoreStride);
            for (; g < group; g++, query += stride, target += scoreStride)
                OneByFour(query, stride, r0, r1, r2, r3, target);
        }
    }

    public override float Softmax(float* scores, int count, ref float largest, ref float sum)
    {
        T most = TOps.Load(scores);
        for (int i = TOps.Width; i < count; i += TOps.Width)
            most = TOps.Max(most, TOps.Load(scores + i));
        float top = TRows.Largest(most), before = largest;
        if (top == float.NegativeInfinity)
        {
            new Span<float>(scores, count).Clear();
            return 1;
        }

        top = MathF.Max(top, before);
        T minus = TOps.Create(top), total = TOps.Create(0);
        for (int i = 0; i < count; i += TOps.Width)
        {
            T weight = TRows.Exp(TOps.Subtract(TOps.Load(scores + i), minus));
            TOps.Store(weight, scores + i);
            total = TOps.Add(total, weight);
        }

        float scale = before == top ? 1 : MathF.Exp(before - top);
        largest = top;
        sum = sum * scale + TOps.Sum(total);
        return scale;
    }

    public override void Accumulate(float* weights, int weightStride, int group, byte* rows, int pitch, int count, int stride, float* sums)
    {
        int g = 0;
        for (; g + 4 <= group; g += 4)
        {
            // Sixteen sums in registers keep two multiply-adds a cycle busy; machines with sixteen registers have room for eight.
            int each = TOps.Width == 16 ? 4 : 2;
            int at = 0;
            for (; at + each * TOps.Width <= stride; at += each * TOps.Width)
            {
                if (each == 4)
                    FourQueriesFourWide(weights + g * weightStride, weightStride, rows, pitch, count, stride, at, sums + g * stride);
                else
                    FourQueriesTwoWide(weights + g * weightStride, weightStride, rows, pitch, count, stride, at, sums + g * stride);
            }

            for (; at < stride; at += TOps.Width)
                FourQueriesOneWide(weights + g * weightStride, weightStride, rows, pitch, count, stride, at, sums + g * stride);
        }

        for (; g < group; g++)
        {
            int at = 0;
            for (; at + 4 * TOps.Width <= stride; at += 4 * TOps.Width)
                OneQueryFourWide(weights + g * weightStride, rows, pitch, count, stride, at, sums + g * stride);
            for (; at < stride; at += TOps.Width)
                OneQueryOneWide(weights + g * weightStride, rows, pitch, count, stride, at, sums + g * stride);
        }
    }

    public override void Shares(float* scores, int scoreStride, int group, float* logCounts, float* offsets, int count, float* shares)
    {
        for (int i = 0; i < count; i += TOps.Width)
        {
            T log = TOps.Load(logCounts + i), most = TOps.Create(0);
            for (int g = 0; g < group; g++)
            {
                T score = TOps.Add(TOps.Load(scores + (long)g * scoreStride + i), log);
                most = TOps.Max(most, TRows.Exp(TOps.Subtract(score, TOps.Create(offsets[g]))));
            }

            TOps.Store(most, shares + i);
        }
    }

    public override void Total(float* scores, float* logCounts, int count, ref float largest, ref float sum)
    {
        float top = largest;
        int whole = count / TOps.Width * TOps.Width;
        for (int i = 0; i < whole; i += TOps.Width)
            top = MathF.Max(top, TRows.Largest(TOps.Add(TOps.Load(scores + i), TOps.Load(logCounts + i))));
        for (int i = whole; i < count; i++)
            top = MathF.Max(top, scores[i] + logCounts[i]);
        if (top == float.NegativeInfinity)
            return;
        T total = TOps.Create(0), minus = TOps.Create(top);
        for (int i = 0; i < whole; i += TOps.Width)
            total = TOps.Add(total, TRows.Exp(TOps.Subtract(TOps.Add(TOps.Load(scores + i), TOps.Load(logCounts + i)), minus)));
        float rest = TOps.Sum(total);
        for (int i = whole; i < count; i++)
            rest += MathF.Exp(scores[i] + logCounts[i] - top);
        sum = sum * MathF.Exp(largest - top) + rest;
        largest = top;
    }

    /// <summary>Asks for memory without waiting for it; an address that is not there does no harm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(byte* start, int bytes)
    {
        if (!Sse.IsSupported)
            return;
        for (int at = 0; at < bytes; at += 64)
            Sse.Prefetch0(start + at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load(byte* row, int index) => TFormat.Load<TOps, TRows, T>(row + (long)index * TFormat.Bytes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByFour(float* query, int stride, byte* r0, byte* r1, byte* r2, byte* r3, float* scores, int scoreStride)
    {
        float* q1 = query + stride, q2 = q1 + stride, q3 = q2 + stride;
        T s00 = TOps.Create(0), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        T s20 = s00, s21 = s00, s22 = s00, s23 = s00, s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        for (int i = 0; i < stride; i += TOps.Width)
        {
            T k0 = Load(r0, i), k1 = Load(r1, i), k2 = Load(r2, i), k3 = Load(r3, i);
            T q = TOps.Load(query + i);
            s00 = TOps.MultiplyAdd(q, k0, s00);
            s01 = TOps.MultiplyAdd(q, k1, s01);
            s02 = TOps.MultiplyAdd(q, k2, s02);
            s03 = TOps.MultiplyAdd(q, k3, s03);
            q = TOps.Load(q1 + i);
            s10 = TOps.MultiplyAdd(q, k0, s10);
            s11 = TOps.MultiplyAdd(q, k1, s11);
            s12 = TOps.MultiplyAdd(q, k2, s12);
            s13 = TOps.MultiplyAdd(q, k3, s13);
            q = TOps.Load(q2 + i);
            s20 = TOps.MultiplyAdd(q, k0, s20);
            s21 = TOps.MultiplyAdd(q, k1, s21);
            s22 = TOps.MultiplyAdd(q, k2, s22);
            s23 = TOps.MultiplyAdd(q, k3, s23);
            q = TOps.Load(q3 + i);
            s30 = TOps.MultiplyAdd(q, k0, s30);
            s31 = TOps.MultiplyAdd(q, k1, s31);
            s32 = TOps.MultiplyAdd(q, k2, s32);
            s33 = TOps.MultiplyAdd(q, k3, s33);
        }

        TOps.Sums(s00, s01, s02, s03).Store(scores);
        TOps.Sums(s10, s11, s12, s13).Store(scores + scoreStride);
        TOps.Sums(s20, s21, s22, s23).Store(scores + 2 * scoreStride);
        TOps.Sums(s30, s31, s32, s33).Store(scores + 3 * scoreStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByFour(float* query, int stride, byte* r0, byte* r1, byte* r2, byte* r3, float* scores)
    {
        T s0 = TOps.Create(0), s1 = s0, s2 = s0, s3 = s0;
        for (int i = 0; i < stride; i += TOps.Width)
        {
            T q = TOps.Load(query + i);
            s0 = TOps.MultiplyAdd(q, Load(r0, i), s0);
            s1 = TOps.MultiplyAdd(q, Load(r1, i), s1);
            s2 = TOps.MultiplyAdd(q, Load(r2, i), s2);
            s3 = TOps.MultiplyAdd(q, Load(r3, i), s3);
        }

        TOps.Sums(s0, s1, s2, s3).Store(scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourQueriesFourWide(float* weights, int weightStride, byte* rows, int pitch, int count, int stride, int at, float* sums)
    {
        int w = TOps.Width;
        float* t0 = sums + at, t1 = t0 + stride, t2 = t1 + stride, t3 = t2 + stride;
        T a0 = TOps.Load(t0), a1 = TOps.Load(t0 + w), a2 = TOps.Load(t0 + 2 * w), a3 = TOps.Load(t0 + 3 * w);
        T b0 = TOps.Load(t1), b1 = TOps.Load(t1 + w), b2 = TOps.Load(t1 + 2 * w), b3 = TOps.Load(t1 + 3 * w);
        T c0 = TOps.Load(t2), c1 = TOps.Load(t2 + w), c2 = TOps.Load(t2 + 2 * w), c3 = TOps.Load(t2 + 3 * w);
        T d0 = TOps.Load(t3), d1 = TOps.Load(t3 + w), d2 = TOps.Load(t3 + 2 * w), d3 = TOps.Load(t3 + 3 * w);
        byte* row = rows + (long)at * TFormat.Bytes;
        float* wb = weights + weightStride, wc = wb + weightStride, wd = wc + weightStride;
        for (int i = 0; i < count; i++, row += pitch)
        {
            T v0 = Load(row, 0), v1 = Load(row, w), v2 = Load(row, 2 * w), v3 = Load(row, 3 * w);
            T weight = TOps.Create(weights[i]);
            a0 = TOps.MultiplyAdd(weight, v0, a0);
            a1 = TOps.MultiplyAdd(weight, v1, a1);
            a2 = TOps.MultiplyAdd(weight, v2, a2);
            a3 = TOps.MultiplyAdd(weight, v3, a3);
            weight = TOps.Create(wb[i]);
            b0 = TOps.MultiplyAdd(weight, v0, b0);
            b1 = TOps.MultiplyAdd(weight, v1, b1);
            b2 = TOps.MultiplyAdd(weight, v2, b2);
            b3 = TOps.MultiplyAdd(weight, v3, b3);
            weight = TOps.Create(wc[i]);
            c0 = TOps.MultiplyAdd(weight, v0, c0);
            c1 = TOps.MultiplyAdd(weight, v1, c1);
            c2 = TOps.MultiplyAdd(weight, v2, c2);
            c3 = TOps.MultiplyAdd(weight, v3, c3);
            weight = TOps.Create(wd[i]);
            d0 = TOps.MultiplyAdd(weight, v0, d0);
            d1 = TOps.MultiplyAdd(weight, v1, d1);
            d2 = TOps.MultiplyAdd(weight, v2, d2);
            d3 = TOps.MultiplyAdd(weight, v3, d3);
        }

        Store(t0, a0, a1, a2, a3);
        Store(t1, b0, b1, b2, b3);
        Store(t2, c0, c1, c2, c3);
        Store(t3, d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, T a, T b, T c, T d)
    {
        TOps.Store(a, target);
        TOps.Store(b, target + TOps.Width);
        TOps.Store(c, target + 2 * TOps.Width);
        TOps.Store(d, target + 3 * TOps.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourQueriesTwoWide(float* weights, int weightStride, byte* rows, int pitch, int count, int stride, int at, float* sums)
    {
        int w = TOps.Width;
        float* t0 = sums + at, t1 = t0 + stride, t2 = t1 + stride, t3 = t2 + stride;
        T a0 = TOps.Load(t0), a1 = TOps.Load(t0 + w), b0 = TOps.Load(t1), b1 = TOps.Load(t1 + w);
        T c0 = TOps.Load(t2), c1 = TOps.Load(t2 + w), d0 = TOps.Load(t3), d1 = TOps.Load(t3 + w);
        byte* row = rows + (long)at * TFormat.Bytes;
        float* wb = weights + weightStride, wc = wb + weightStride, wd = wc + weightStride;
        for (int i = 0; i < count; i++, row += pitch)
        {
            T v0 = Load(row, 0), v1 = Load(row, w);
            T weight = TOps.Create(weights[i]);
            a0 = TOps.MultiplyAdd(weight, v0, a0);
            a1 = TOps.MultiplyAdd(weight, v1, a1);
            weight = TOps.Create(wb[i]);
            b0 = TOps.MultiplyAdd(weight, v0, b0);
            b1 = TOps.MultiplyAdd(weight, v1, b1);
            weight = TOps.Create(wc[i]);
            c0 = TOps.MultiplyAdd(weight, v0, c0);
            c1 = TOps.MultiplyAdd(weight, v1, c1);
            weight = TOps.Create(wd[i]);
            d0 = TOps.MultiplyAdd(weight, v0, d0);
            d1 = TOps.MultiplyAdd(weight, v1, d1);
        }

        TOps.Store(a0, t0);
        TOps.Store(a1, t0 + w);
        TOps.Store(b0, t1);
        TOps.Store(b1, t1 + w);
        TOps.Store(c0, t2);
        TOps.Store(c1, t2 + w);
        TOps.Store(d0, t3);
        TOps.Store(d1, t3 + w);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourQueriesOneWide(float* weights, int weightStride, byte* rows, int pitch, int count, int stride, int at, float* sums)
    {
        float* t0 = sums + at, t1 = t0 + stride, t2 = t1 + stride, t3 = t2 + stride;
        T a = TOps.Load(t0), b = TOps.Load(t1), c = TOps.Load(t2), d = TOps.Load(t3);
        byte* row = rows + (long)at * TFormat.Bytes;
        for (int i = 0; i < count; i++, row += pitch)
        {
            T value = Load(row, 0);
            a = TOps.MultiplyAdd(TOps.Create(weights[i]), value, a);
            b = TOps.MultiplyAdd(TOps.Create(weights[weightStride + i]), value, b);
            c = TOps.MultiplyAdd(TOps.Create(weights[2 * weightStride + i]), value, c);
            d = TOps.MultiplyAdd(TOps.Create(weights[3 * weightStride + i]), value, d);
        }

        TOps.Store(a, t0);
        TOps.Store(b, t1);
        TOps.Store(c, t2);
        TOps.Store(d, t3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneQueryFourWide(float* weights, byte* rows, int pitch, int count, int stride, int at, float* sums)
    {
        int w = TOps.Width;
        float* target = sums + at;
        T a = TOps.Load(target), b = TOps.Load(target + w), c = TOps.Load(target + 2 * w), d = TOps.Load(target + 3 * w);
        byte* row = rows + (long)at * TFormat.Bytes;
        for (int i = 0; i < count; i++, row += pitch)
        {
            T weight = TOps.Create(weights[i]);
            a = TOps.MultiplyAdd(weight, Load(row, 0), a);
            b = TOps.MultiplyAdd(weight, Load(row, w), b);
            c = TOps.MultiplyAdd(weight, Load(row, 2 * w), c);
            d = TOps.MultiplyAdd(weight, Load(row, 3 * w), d);
        }

        Store(target, a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneQueryOneWide(float* weights, byte* rows, int pitch, int count, int stride, int at, float* sums)
    {
        T sum = TOps.Load(sums + at);
        byte* row = rows + (long)at * TFormat.Bytes;
        for (int i = 0; i < count; i++, row += pitch)
            sum = TOps.MultiplyAdd(TOps.Create(weights[i]), Load(row, 0), sum);
        TOps.Store(sum, sums + at);
    }
}

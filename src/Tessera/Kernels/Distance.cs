using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>
/// Inner products and squared Euclidean distances of one vector against one row or many. Many rows are taken four at a
/// time, so that each load of the query serves four multiply-adds and their chains overlap: the speed is the memory's.
/// </summary>
internal static unsafe class Distance
{
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        CheckLengths(a, b);
        fixed (float* x = a, y = b)
            return One<Product>(x, y, a.Length);
    }

    public static float SquaredL2(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        CheckLengths(a, b);
        fixed (float* x = a, y = b)
            return One<SquaredDifference>(x, y, a.Length);
    }

    /// <summary>results[i] = query . row i; as many rows as results.</summary>
    public static void Dots(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, Span<float> results) =>
        Many<Product>(query, rows, results);

    /// <summary>results[i] = |query - row i|^2; as many rows as results.</summary>
    public static void SquaredL2s(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, Span<float> results) =>
        Many<SquaredDifference>(query, rows, results);

    /// <summary>results[i] = |row i|^2.</summary>
    public static void SquaredNorms(ReadOnlySpan<float> rows, int dimension, Span<float> results)
    {
        if (rows.Length < (long)results.Length * dimension)
            throw new ArgumentException("Fewer rows than results.", nameof(rows));
        fixed (float* row = rows)
        {
            for (int i = 0; i < results.Length; i++)
                results[i] = One<Product>(row + (long)i * dimension, row + (long)i * dimension, dimension);
        }
    }

    private static void Many<TTerm>(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, Span<float> results)
        where TTerm : struct, ITerm
    {
        if (rows.Length < (long)results.Length * query.Length)
            throw new ArgumentException("Fewer rows than results.", nameof(rows));
        fixed (float* q = query, row = rows, result = results)
        {
            if (Vector512.IsHardwareAccelerated)
                Many<TTerm, Ops512, Vector512<float>>(q, row, query.Length, results.Length, result);
            else if (Vector256.IsHardwareAccelerated)
                Many<TTerm, Ops256, Vector256<float>>(q, row, query.Length, results.Length, result);
            else if (Vector128.IsHardwareAccelerated)
                Many<TTerm, Ops128, Vector128<float>>(q, row, query.Length, results.Length, result);
            else
                Many<TTerm, OpsScalar, float>(q, row, query.Length, results.Length, result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float One<TTerm>(float* a, float* b, int length)
        where TTerm : struct, ITerm
    {
        if (Vector512.IsHardwareAccelerated)
            return One<TTerm, Ops512, Vector512<float>>(a, b, length);
        if (Vector256.IsHardwareAccelerated)
            return One<TTerm, Ops256, Vector256<float>>(a, b, length);
        if (Vector128.IsHardwareAccelerated)
            return One<TTerm, Ops128, Vector128<float>>(a, b, length);
        return One<TTerm, OpsScalar, float>(a, b, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float One<TTerm, TOps, T>(float* a, float* b, int length)
        where TTerm : struct, ITerm
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        // Four sums hide the latency of the multiply-add (four cycles, two a cycle, bound by four loads).
        T s0 = TOps.Create(0), s1 = s0, s2 = s0, s3 = s0;
        int width = TOps.Width, i = 0;
        for (; i + 4 * width <= length; i += 4 * width)
        {
            s0 = TTerm.Accumulate<TOps, T>(TOps.Load(a + i), TOps.Load(b + i), s0);
            s1 = TTerm.Accumulate<TOps, T>(TOps.Load(a + i + width), TOps.Load(b + i + width), s1);
            s2 = TTerm.Accumulate<TOps, T>(TOps.Load(a + i + 2 * width), TOps.Load(b + i + 2 * width), s2);
            s3 = TTerm.Accumulate<TOps, T>(TOps.Load(a + i + 3 * width), TOps.Load(b + i + 3 * width), s3);
        }

        for (; i + width <= length; i += width)
            s0 = TTerm.Accumulate<TOps, T>(TOps.Load(a + i), TOps.Load(b + i), s0);
        float tail = 0;
        for (; i < length; i++)
            tail = TTerm.Accumulate<OpsScalar, float>(a[i], b[i], tail);
        return TOps.Sum(TOps.Add(TOps.Add(s0, s1), TOps.Add(s2, s3))) + tail;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Many<TTerm, TOps, T>(float* query, float* rows, int length, int count, float* results)
        where TTerm : struct, ITerm
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        int width = TOps.Width, row = 0;
        T last = TOps.LastLanes(length % width);
        for (; row + 4 <= count; row += 4)
        {
            float* r0 = rows + (long)row * length, r1 = r0 + length, r2 = r1 + length, r3 = r2 + length;
            T s0 = TOps.Create(0), s1 = s0, s2 = s0, s3 = s0;
            int i = 0;
            for (; i + width <= length; i += width)
            {
                T q = TOps.Load(query + i);
                s0 = TTerm.Accumulate<TOps, T>(q, TOps.Load(r0 + i), s0);
                s1 = TTerm.Accumulate<TOps, T>(q, TOps.Load(r1 + i), s1);
                s2 = TTerm.Accumulate<TOps, T>(q, TOps.Load(r2 + i), s2);
                s3 = TTerm.Accumulate<TOps, T>(q, TOps.Load(r3 + i), s3);
            }

            if (i < length && length >= width)
            {
                // The last register reaches back over numbers that are counted already, and leaves them out.
                i = length - width;
                T q = TOps.And(TOps.Load(query + i), last);
                s0 = TTerm.Accumulate<TOps, T>(q, TOps.And(TOps.Load(r0 + i), last), s0);
                s1 = TTerm.Accumulate<TOps, T>(q, TOps.And(TOps.Load(r1 + i), last), s1);
                s2 = TTerm.Accumulate<TOps, T>(q, TOps.And(TOps.Load(r2 + i), last), s2);
                s3 = TTerm.Accumulate<TOps, T>(q, TOps.And(TOps.Load(r3 + i), last), s3);
                i = length;
            }

            Vector128<float> sums = TOps.Sums(s0, s1, s2, s3);
            if (i < length)
            {
                // Shorter than a register.
                float t0 = 0, t1 = 0, t2 = 0, t3 = 0;
                for (; i < length; i++)
                {
                    t0 = TTerm.Accumulate<OpsScalar, float>(query[i], r0[i], t0);
                    t1 = TTerm.Accumulate<OpsScalar, float>(query[i], r1[i], t1);
                    t2 = TTerm.Accumulate<OpsScalar, float>(query[i], r2[i], t2);
                    t3 = TTerm.Accumulate<OpsScalar, float>(query[i], r3[i], t3);
                }

                sums += Vector128.Create(t0, t1, t2, t3);
            }

            sums.Store(results + row);
        }

        for (; row < count; row++)
            results[row] = Chain<TTerm, TOps, T>(query, rows + (long)row * length, length);
    }

    /// <summary>One row in the order of summing that four rows at a time have, so that a row's result does not depend on the rows around it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain<TTerm, TOps, T>(float* query, float* row, int length)
        where TTerm : struct, ITerm
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        T sum = TOps.Create(0);
        int width = TOps.Width, i = 0;
        for (; i + width <= length; i += width)
            sum = TTerm.Accumulate<TOps, T>(TOps.Load(query + i), TOps.Load(row + i), sum);
        if (i < length && length >= width)
        {
            i = length - width;
            T last = TOps.LastLanes(length % width);
            sum = TTerm.Accumulate<TOps, T>(TOps.And(TOps.Load(query + i), last), TOps.And(TOps.Load(row + i), last), sum);
            i = length;
        }

        float tail = 0;
        for (; i < length; i++)
            tail = TTerm.Accumulate<OpsScalar, float>(query[i], row[i], tail);
        return TOps.Sums(sum, sum, sum, sum)[0] + tail;
    }

    private static void CheckLengths(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"Vectors of {a.Length} and {b.Length} numbers cannot be compared.");
    }

    /// <summary>What one pair of numbers adds to the sum.</summary>
    private interface ITerm
    {
        static abstract T Accumulate<TOps, T>(T a, T b, T sum)
            where TOps : struct, IVectorOps<T>
            where T : unmanaged;
    }

    private readonly struct Product : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Accumulate<TOps, T>(T a, T b, T sum)
            where TOps : struct, IVectorOps<T>
            where T : unmanaged => TOps.MultiplyAdd(a, b, sum);
    }

    private readonly struct SquaredDifference : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Accumulate<TOps, T>(T a, T b, T sum)
            where TOps : struct, IVectorOps<T>
            where T : unmanaged
        {
            T difference = TOps.Subtract(a, b);
            return TOps.MultiplyAdd(difference, difference, sum);
        }
    }
}

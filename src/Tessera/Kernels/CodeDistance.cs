using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tessera.Kernels;

/// <summary>
/// Inner products and squared distances of one query of floats to stored codes, decoded in registers. Four rows at a time,
/// so that each load of the query serves four multiply-adds and their chains overlap: the speed is the memory's. A row's
/// result does not depend on the rows around it.
/// </summary>
internal static unsafe class CodeDistance
{
    /// <summary>The bytes of a named row that are asked for while the four rows before it are read; what follows the hardware fetches by itself.</summary>
    private const int Ahead = 512;

    /// <summary>results[i] = sum over the dimensions of query * code, for row i, or for row rows[i] where rows are named.</summary>
    public static void Dots<TFormat>(ReadOnlySpan<float> query, ReadOnlySpan<byte> codes, ReadOnlySpan<int> rows, Span<float> results)
        where TFormat : struct, ICodeFormat => Run<TFormat, Product>(query, default, codes, rows, results);

    /// <summary>results[i] = sum over the dimensions of (query + step * code)^2 with steps, of (query - code)^2 without.</summary>
    public static void SquaredL2s<TFormat>(ReadOnlySpan<float> query, ReadOnlySpan<float> steps, ReadOnlySpan<byte> codes, ReadOnlySpan<int> rows, Span<float> results)
        where TFormat : struct, ICodeFormat
    {
        if (TFormat.OnGrid)
            Run<TFormat, SquaredSum>(query, steps, codes, rows, results);
        else
            Run<TFormat, SquaredDifference>(query, default, codes, rows, results);
    }

    private static void Run<TFormat, TTerm>(ReadOnlySpan<float> query, ReadOnlySpan<float> steps, ReadOnlySpan<byte> codes, ReadOnlySpan<int> rows, Span<float> results)
        where TFormat : struct, ICodeFormat
        where TTerm : struct, ITerm
    {
        int size = query.Length * TFormat.Size;
        long stored = size == 0 ? int.MaxValue : codes.Length / size;
        if (TTerm.HasSteps && steps.Length != query.Length)
            throw new ArgumentException($"{steps.Length} steps for {query.Length} dimensions.", nameof(steps));
        if (!rows.IsEmpty && rows.Length != results.Length)
            throw new ArgumentException($"{rows.Length} rows and room for {results.Length} results.", nameof(rows));
        if (rows.IsEmpty && stored < results.Length)
            throw new ArgumentException("Fewer rows than results.", nameof(codes));
        foreach (int row in rows)
        {
            if ((uint)row >= stored)
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"There are {stored} rows.");
        }

        fixed (float* q = query, step = steps, result = results)
        fixed (byte* code = codes)
        fixed (int* row = rows)
        {
            if (Vector512.IsHardwareAccelerated)
                Many<TFormat, TTerm, Ops512, Vector512<float>>(q, step, code, row, query.Length, results.Length, result);
            else if (Vector256.IsHardwareAccelerated)
                Many<TFormat, TTerm, Ops256, Vector256<float>>(q, step, code, row, query.Length, results.Length, result);
            else if (Vector128.IsHardwareAccelerated)
                Many<TFormat, TTerm, Ops128, Vector128<float>>(q, step, code, row, query.Length, results.Length, result);
            else
                Many<TFormat, TTerm, OpsScalar, float>(q, step, code, row, query.Length, results.Length, result);
        }
    }

    /// <param name="query">The query.</param>
    /// <param name="steps">The steps, where the term has them.</param>
    /// <param name="codes">All stored codes.</param>
    /// <param name="rows">The numbers of the rows to take; null for the first ones in order.</param>
    /// <param name="length">Dimensions.</param>
    /// <param name="count">Results.</param>
    /// <param name="results">Receives them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Many<TFormat, TTerm, TOps, T>(float* query, float* steps, byte* codes, int* rows, int length, int count, float* results)
        where TFormat : struct, ICodeFormat
        where TTerm : struct, ITerm
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        long size = (long)length * TFormat.Size;
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            if (rows == null)
            {
                byte* first = codes + i * size;
                Prefetch(first + 8 * size, 4 * size);
                Four<TFormat, TTerm, TOps, T>(query, steps, first, first + size, first + 2 * size, first + 3 * size, length).Store(results + i);
                continue;
            }

            for (int next = i + 4; next < Math.Min(i + 8, count); next++)
                Prefetch(codes + rows[next] * size, Math.Min(size, Ahead));
            byte* r0 = codes + rows[i] * size, r1 = codes + rows[i + 1] * size, r2 = codes + rows[i + 2] * size, r3 = codes + rows[i + 3] * size;
            Four<TFormat, TTerm, TOps, T>(query, steps, r0, r1, r2, r3, length).Store(results + i);
        }

        for (; i < count; i++)
        {
            // The same row four times: the sum of one row in the order that four have.
            byte* row = codes + (rows == null ? i : rows[i]) * size;
            results[i] = Four<TFormat, TTerm, TOps, T>(query, steps, row, row, row, row, length)[0];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Four<TFormat, TTerm, TOps, T>(float* query, float* steps, byte* r0, byte* r1, byte* r2, byte* r3, int length)
        where TFormat : struct, ICodeFormat
        where TTerm : struct, ITerm
        where TOps : struct, IVectorOps<T>
        where T : unmanaged
    {
        int width = TOps.Width, size = TFormat.Size, i = 0;
        T s0 = TOps.Create(0), s1 = s0, s2 = s0, s3 = s0;
        for (; i + width <= length; i += width)
        {
            T q = TOps.Load(query + i), step = TTerm.HasSteps ? TOps.Load(steps + i) : q;
            s0 = TTerm.Accumulate<TOps, T>(q, step, TFormat.Load<TOps, T>(r0 + i * size), s0);
            s1 = TTerm.Accumulate<TOps, T>(q, step, TFormat.Load<TOps, T>(r1 + i * size), s1);
            s2 = TTerm.Accumulate<TOps, T>(q, step, TFormat.Load<TOps, T>(r2 + i * size), s2);
            s3 = TTerm.Accumulate<TOps, T>(q, step, TFormat.Load<TOps, T>(r3 + i * size), s3);
        }

        if (i < length && length >= width)
        {
            // The last register reaches back over numbers that are counted already, and leaves them out.
            T last = TOps.LastLanes(length % width);
            i = length - width;
            T q = TOps.And(TOps.Load(query + i), last), step = TTerm.HasSteps ? TOps.Load(steps + i) : q;
            s0 = TTerm.Accumulate<TOps, T>(q, step, TOps.And(TFormat.Load<TOps, T>(r0 + i * size), last), s0);
            s1 = TTerm.Accumulate<TOps, T>(q, step, TOps.And(TFormat.Load<TOps, T>(r1 + i * size), last), s1);
            s2 = TTerm.Accumulate<TOps, T>(q, step, TOps.And(TFormat.Load<TOps, T>(r2 + i * size), last), s2);
            s3 = TTerm.Accumulate<TOps, T>(q, step, TOps.And(TFormat.Load<TOps, T>(r3 + i * size), last), s3);
            i = length;
        }

        Vector128<float> sums = TOps.Sums(s0, s1, s2, s3);
        if (i < length)
        {
            // Shorter than a register.
            float t0 = 0, t1 = 0, t2 = 0, t3 = 0;
            for (; i < length; i++)
            {
                float step = TTerm.HasSteps ? steps[i] : 0;
                t0 = TTerm.Accumulate<OpsScalar, float>(query[i], step, TFormat.Load<OpsScalar, float>(r0 + i * size), t0);
                t1 = TTerm.Accumulate<OpsScalar, float>(query[i], step, TFormat.Load<OpsScalar, float>(r1 + i * size), t1);
                t2 = TTerm.Accumulate<OpsScalar, float>(query[i], step, TFormat.Load<OpsScalar, float>(r2 + i * size), t2);
                t3 = TTerm.Accumulate<OpsScalar, float>(query[i], step, TFormat.Load<OpsScalar, float>(r3 + i * size), t3);
            }

            sums += Vector128.Create(t0, t1, t2, t3);
        }

        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* start, long bytes)
    {
        if (!Sse.IsSupported)
            return;
        for (long at = 0; at < bytes; at += 64)
            Sse.Prefetch0(start + at);
    }

    /// <summary>What one number of the query and one of a code add to the sum.</summary>
    private interface ITerm
    {
        static abstract bool HasSteps { get; }

        static abstract T Accumulate<TOps, T>(T query, T step, T code, T sum)
            where TOps : struct, IVectorOps<T>
            where T : unmanaged;
    }

    private readonly struct Product : ITerm
    {
        public static bool HasSteps => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Accumulate<TOps, T>(T query, T step, T code, T sum)
            where TOps : struct, IVectorOps<T>
            where T : unmanaged => TOps.MultiplyAdd(query, code, sum);
    }

    private readonly struct SquaredDifference : ITerm
    {
        public static bool HasSteps => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Accumulate<TOps, T>(T query, T step, T code, T sum)
            where TOps : struct, IVectorOps<T>
            where T : unmanaged
        {
            T difference = TOps.Subtract(query, code);
            return TOps.MultiplyAdd(difference, difference, sum);
        }
    }

    private readonly struct SquaredSum : ITerm
    {
        public static bool HasSteps => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Accumulate<TOps, T>(T query, T step, T code, T sum)
            where TOps : struct, IVectorOps<T>
            where T : unmanaged
        {
            T difference = TOps.MultiplyAdd(step, code, query);
            return TOps.MultiplyAdd(difference, difference, sum);
        }
    }
}

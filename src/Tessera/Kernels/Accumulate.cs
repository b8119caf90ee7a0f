using System.Numerics;

namespace Tessera.Kernels;

/// <summary>Sums of float vectors in double precision, so that adding and taking away leaves no drift.</summary>
internal static class Accumulate
{
    /// <summary>sums += row.</summary>
    public static void Add(Span<double> sums, ReadOnlySpan<float> row) => Run<Plus>(sums, row);

    /// <summary>sums -= row.</summary>
    public static void Subtract(Span<double> sums, ReadOnlySpan<float> row) => Run<Minus>(sums, row);

    /// <summary>target += factor * row.</summary>
    public static void AddScaled(Span<float> target, float factor, ReadOnlySpan<float> row)
    {
        if (target.Length != row.Length)
            throw new ArgumentException("Target and row differ in length.", nameof(target));
        var factors = new Vector<float>(factor);
        int i = 0;
        for (; i + Vector<float>.Count <= row.Length; i += Vector<float>.Count)
            (new Vector<float>(target[i..]) + factors * new Vector<float>(row[i..])).CopyTo(target[i..]);
        for (; i < row.Length; i++)
            target[i] += factor * row[i];
    }

    private static void Run<TOperator>(Span<double> sums, ReadOnlySpan<float> row)
        where TOperator : struct, IOperator
    {
        if (sums.Length != row.Length)
            throw new ArgumentException("Sums and row differ in length.", nameof(sums));
        int width = Vector<float>.Count, half = Vector<double>.Count, i = 0;
        for (; i + width <= row.Length; i += width)
        {
            Vector.Widen(new Vector<float>(row[i..]), out Vector<double> low, out Vector<double> high);
            TOperator.Apply(new Vector<double>(sums[i..]), low).CopyTo(sums[i..]);
            TOperator.Apply(new Vector<double>(sums[(i + half)..]), high).CopyTo(sums[(i + half)..]);
        }

        for (; i < row.Length; i++)
            sums[i] = TOperator.Apply(sums[i], row[i]);
    }

    private interface IOperator
    {
        static abstract Vector<double> Apply(Vector<double> a, Vector<double> b);

        static abstract double Apply(double a, double b);
    }

    private readonly struct Plus : IOperator
    {
        public static Vector<double> Apply(Vector<double> a, Vector<double> b) => a + b;

        public static double Apply(double a, double b) => a + b;
    }

    private readonly struct Minus : IOperator
    {
        public static Vector<double> Apply(Vector<double> a, Vector<double> b) => a - b;

        public static double Apply(double a, double b) => a - b;
    }
}

using System.Numerics;

namespace Tessera.Kernels;

/// <summary>Shifts and scales rows, number by number.</summary>
internal static class Standardise
{
    /// <summary>target = (row - shift) * factor for every row; without factors the difference alone.</summary>
    public static void Run(ReadOnlySpan<float> rows, ReadOnlySpan<float> shift, ReadOnlySpan<float> factors, Span<float> target)
    {
        int length = shift.Length;
        if (rows.Length % length != 0 || target.Length < rows.Length || (!factors.IsEmpty && factors.Length != length))
            throw new ArgumentException($"{rows.Length} numbers in rows of {length} do not fit {target.Length} places and {factors.Length} factors.", nameof(rows));
        for (; !rows.IsEmpty; rows = rows[length..], target = target[length..])
        {
            int i = 0;
            for (; i + Vector<float>.Count <= length; i += Vector<float>.Count)
            {
                Vector<float> difference = new Vector<float>(rows[i..]) - new Vector<float>(shift[i..]);
                (factors.IsEmpty ? difference : difference * new Vector<float>(factors[i..])).CopyTo(target[i..]);
            }

            for (; i < length; i++)
                target[i] = (rows[i] - shift[i]) * (factors.IsEmpty ? 1 : factors[i]);
        }
    }

    /// <summary>target = factor * a * b, number by number; without <paramref name="b"/> factor * a.</summary>
    public static void Multiply(float factor, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> target)
    {
        if (target.Length < a.Length || (!b.IsEmpty && b.Length != a.Length))
            throw new ArgumentException($"{a.Length} and {b.Length} numbers do not fit {target.Length} places.", nameof(a));
        var factors = new Vector<float>(factor);
        int i = 0;
        for (; i + Vector<float>.Count <= a.Length; i += Vector<float>.Count)
        {
            Vector<float> scaled = factors * new Vector<float>(a[i..]);
            (b.IsEmpty ? scaled : scaled * new Vector<float>(b[i..])).CopyTo(target[i..]);
        }

        for (; i < a.Length; i++)
            target[i] = factor * a[i] * (b.IsEmpty ? 1 : b[i]);
    }
}

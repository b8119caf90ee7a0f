using System.Numerics;

namespace Tessera.CodeMap.Layers;

/// <summary>Inner products.</summary>
internal static class Product
{
    public static float Of(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Vector<float> sums = default;
        int i = 0;
        for (; i + Vector<float>.Count <= left.Length; i += Vector<float>.Count)
            sums += new Vector<float>(left[i..]) * new Vector<float>(right[i..]);
        float sum = Vector.Sum(sums);
        for (; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}

using System.Numerics;

namespace Tessera.Kernels;

/// <summary>Finds numbers that no distance can be taken of.</summary>
internal static class Finite
{
    /// <summary>Where the first NaN or infinite number is; -1 if all are finite.</summary>
    public static int FirstBad(ReadOnlySpan<float> values) => FirstBeyond(values, float.MaxValue);

    /// <summary>Where the first number is that is NaN or larger than <paramref name="most"/> in size; -1 if there is none.</summary>
    public static int FirstBeyond(ReadOnlySpan<float> values, float most)
    {
        var limit = new Vector<float>(most);
        int i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
        {
            // False for NaN too, which compares false with everything.
            if (!Vector.LessThanOrEqualAll(Vector.Abs(new Vector<float>(values[i..])), limit))
                break;
        }

        for (; i < values.Length; i++)
        {
            if (!(Math.Abs(values[i]) <= most))
                return i;
        }

        return -1;
    }
}

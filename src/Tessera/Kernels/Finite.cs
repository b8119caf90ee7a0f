using System.Numerics;

namespace Tessera.Kernels;

/// <summary>Finds numbers that no distance can be taken of.</summary>
internal static class Finite
{
    /// <summary>Where the first NaN or infinite number is; -1 if all are finite.</summary>
    public static int FirstBad(ReadOnlySpan<float> values)
    {
        // x * 0 is 0 for finite x and NaN otherwise, and NaN stays in a sum: one multiply-add for each register.
        const int Block = 4096;
        for (int start = 0; start < values.Length; start += Block)
        {
            ReadOnlySpan<float> block = values.Slice(start, Math.Min(Block, values.Length - start));
            Vector<float> sum = Vector<float>.Zero;
            int i = 0;
            for (; i + Vector<float>.Count <= block.Length; i += Vector<float>.Count)
                sum += new Vector<float>(block[i..]) * Vector<float>.Zero;
            float rest = Vector.Sum(sum);
            for (; i < block.Length; i++)
                rest += block[i] * 0;
            if (rest == 0)
                continue;
            for (i = 0; i < block.Length; i++)
            {
                if (!float.IsFinite(block[i]))
                    return start + i;
            }
        }

        return -1;
    }
}

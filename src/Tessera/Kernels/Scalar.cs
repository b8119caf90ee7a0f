namespace Tessera.Kernels;

/// <summary>The kernels as one would write them on paper. Slow, and therefore the oracle that every fast one is tested against.</summary>
internal static class Scalar
{
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return (float)sum;
    }

    public static float SquaredL2(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return (float)sum;
    }

    /// <summary>result[i, j] = left[i] . right[j].</summary>
    public static float[] Product(ReadOnlySpan<float> left, int leftCount, ReadOnlySpan<float> right, int rightCount, int depth)
    {
        var result = new float[leftCount * rightCount];
        for (int i = 0; i < leftCount; i++)
            for (int j = 0; j < rightCount; j++)
                result[i * rightCount + j] = Dot(left.Slice(i * depth, depth), right.Slice(j * depth, depth));
        return result;
    }

    /// <summary>The row of <paramref name="rows"/> nearest to a vector by L2, ties to the first.</summary>
    public static int Nearest(ReadOnlySpan<float> vector, ReadOnlySpan<float> rows, int count)
    {
        int best = 0;
        float least = float.PositiveInfinity;
        for (int i = 0; i < count; i++)
        {
            float distance = SquaredL2(vector, rows.Slice(i * vector.Length, vector.Length));
            if (distance < least)
                (least, best) = (distance, i);
        }

        return best;
    }

    /// <summary>Sum over the subquantizers m of <c>table[m * entries + code[m]]</c>.</summary>
    public static float TableSum(ReadOnlySpan<float> table, int entries, ReadOnlySpan<byte> code)
    {
        float sum = 0;
        for (int m = 0; m < code.Length; m++)
            sum += table[m * entries + code[m]];
        return sum;
    }
}

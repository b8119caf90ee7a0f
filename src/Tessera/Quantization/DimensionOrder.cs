using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>
/// The order in which product codes take a vector's dimensions. Parts all have as many bits, so a part in which little varies
/// wastes them: dealt out by their variance, like cards, the dimensions give every part its share. Neighbours that go together
/// (pixels, the bins of a histogram) are torn apart by it, which can cost more than it gains: short trials decide.
/// The variance per part is what OPQ's allocation evens out too (Ge, He, Ke and Sun, 2013), by a rotation that costs a matrix
/// product for each query; an order costs a copy.
/// </summary>
internal sealed class DimensionOrder
{
    /// <summary>An order must lower the error to this share of what it was, or dimensions stay as they are given.</summary>
    private const double WorthIt = 0.95;

    private readonly int[] _taken;

    private DimensionOrder(int[] taken) => _taken = taken;

    /// <summary>The dimension that each place takes.</summary>
    public ReadOnlySpan<int> Taken => _taken;

    /// <summary>An order that was chosen before; null unless every dimension is in it once.</summary>
    public static DimensionOrder? Of(ReadOnlySpan<int> taken)
    {
        var seen = new bool[taken.Length];
        foreach (int dimension in taken)
        {
            if ((uint)dimension >= (uint)seen.Length || seen[dimension])
                return null;
            seen[dimension] = true;
        }

        return new DimensionOrder(taken.ToArray());
    }

    /// <summary>The better order for codes of a sample, or null when it is the given one.</summary>
    /// <param name="sample">What is to be coded.</param>
    /// <param name="parts">Parts of a code; divides the dimension.</param>
    /// <param name="bits">Bits of each part.</param>
    /// <param name="options">Seed, threads and sizes of training.</param>
    /// <param name="cancellationToken">Stops within a trial.</param>
    public static DimensionOrder? Choose(Matrix sample, int parts, int bits, BuildOptions options, CancellationToken cancellationToken)
    {
        if (parts == 1 || parts == sample.Dimension)
            return null;
        DimensionOrder dealt = Deal(sample, parts);
        double given = CodingTrial.Error(sample, null, parts, bits, options, cancellationToken);
        return CodingTrial.Error(sample, dealt, parts, bits, options, cancellationToken) < WorthIt * given ? dealt : null;
    }

    /// <summary>Puts vectors into this order.</summary>
    public void Apply(ReadOnlySpan<float> vectors, Span<float> ordered)
    {
        for (int start = 0; start < vectors.Length; start += _taken.Length)
        {
            ReadOnlySpan<float> vector = vectors.Slice(start, _taken.Length);
            Span<float> target = ordered.Slice(start, _taken.Length);
            for (int i = 0; i < target.Length; i++)
                target[i] = vector[_taken[i]];
        }
    }

    /// <summary>Puts a vector that is in this order back into the given one.</summary>
    public void Undo(ReadOnlySpan<float> ordered, Span<float> vector)
    {
        for (int i = 0; i < _taken.Length; i++)
            vector[_taken[i]] = ordered[i];
    }

    /// <summary>Vectors in this order.</summary>
    public Matrix Apply(Matrix vectors)
    {
        var ordered = new float[(long)vectors.Rows * vectors.Dimension];
        Apply(vectors.Span, ordered);
        return new Matrix(ordered, vectors.Dimension);
    }

    /// <summary>The dimensions by falling variance, dealt to the parts in turn, every other round backwards so that no part is always first.</summary>
    private static DimensionOrder Deal(Matrix sample, int parts)
    {
        double[] variances = Variances(sample);
        int[] falling = [.. Enumerable.Range(0, variances.Length).OrderByDescending(dimension => variances[dimension])];
        int length = falling.Length / parts;
        var taken = new int[falling.Length];
        for (int i = 0; i < falling.Length; i++)
        {
            int round = i / parts, turn = i % parts;
            taken[(round % 2 == 0 ? turn : parts - 1 - turn) * length + round] = falling[i];
        }

        return new DimensionOrder(taken);
    }

    /// <summary>The variance of each dimension, times the number of rows.</summary>
    private static double[] Variances(Matrix sample)
    {
        var sums = new double[sample.Dimension];
        for (int row = 0; row < sample.Rows; row++)
            Accumulate.Add(sums, sample[row]);
        float[] means = Array.ConvertAll(sums, sum => (float)(sum / sample.Rows)), apart = new float[sample.Dimension];
        var variances = new double[sample.Dimension];
        for (int row = 0; row < sample.Rows; row++)
        {
            Standardise.Run(sample[row], means, default, apart);
            Standardise.Multiply(1, apart, apart, apart);
            Accumulate.Add(variances, apart);
        }

        return variances;
    }
}

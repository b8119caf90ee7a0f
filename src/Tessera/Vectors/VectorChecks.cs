using Tessera.Kernels;

namespace Tessera.Vectors;

/// <summary>The checks that vectors pass where they enter the engine, once.</summary>
internal static class VectorChecks
{
    /// <summary>The largest number that is compared without normalising: squares of a million such numbers add up to less than float32's largest.</summary>
    public const float Largest = 1e15f;

    /// <summary>Refuses NaN and infinite numbers, naming the first.</summary>
    public static void RequireFinite(Matrix vectors, string name) => Require(vectors.Span, vectors.Dimension, float.MaxValue, name);

    /// <summary>Refuses numbers of which a metric's distances cannot be taken in float32: NaN, infinite ones, and for all but cosine those beyond <see cref="Largest"/>.</summary>
    public static void RequireMeasurable(Matrix vectors, Metric metric, string name, int threads = 1)
    {
        // Blocks are looked through side by side; the first bad number is named by a look from the front.
        const int Block = 1 << 20;
        int blocks = (vectors.Span.Length + Block - 1) / Block, bad = 0;
        Workers.For(blocks, threads, (block, _) =>
        {
            int start = block * Block;
            if (Finite.FirstBeyond(vectors.Span.Slice(start, Math.Min(Block, vectors.Span.Length - start)), Limit(metric)) >= 0)
                Interlocked.Increment(ref bad);
        });
        if (bad > 0)
            Require(vectors.Span, vectors.Dimension, Limit(metric), name);
    }

    /// <inheritdoc cref="RequireMeasurable(Matrix, Metric, string, int)"/>
    public static void RequireMeasurable(ReadOnlySpan<float> vector, Metric metric, string name) => Require(vector, 0, Limit(metric), name);

    /// <summary>Refuses vectors of another dimension.</summary>
    public static void RequireDimension(int actual, int expected, string name)
    {
        if (actual != expected)
            throw new ArgumentException($"The dimension is {actual}, but this index holds vectors of dimension {expected}.", name);
    }

    private static float Limit(Metric metric) => metric == Metric.Cosine ? float.MaxValue : Largest;

    /// <param name="values">One vector or rows.</param>
    /// <param name="dimension">Numbers in a row; 0 for one vector.</param>
    /// <param name="most">The largest size allowed.</param>
    /// <param name="name">The parameter.</param>
    private static void Require(ReadOnlySpan<float> values, int dimension, float most, string name)
    {
        int at = Finite.FirstBeyond(values, most);
        if (at < 0)
            return;
        string place = dimension == 0 ? $"Number {at}" : $"Row {at / dimension}, column {at % dimension}";
        string rule = float.IsFinite(values[at])
            ? $"numbers beyond {most:0e0} in size have squares that float32 cannot add up: scale the vectors down"
            : "every number must be finite";
        throw new ArgumentException($"{place} is {values[at]}; {rule}.", name);
    }
}

using System.Numerics;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>
/// Scalar quantisation: every number by itself becomes one byte on its dimension's grid, or a float of 16 bits. Four or two
/// times smaller than the vectors at next to no loss, and compared with a query at the speed at which memory is read.
/// Not where codes must be a few bytes: there a <see cref="ProductQuantizer"/> has less error.
/// </summary>
public sealed class ScalarQuantizer
{
    private const int Steps = 255;

    /// <summary>The largest binary16.</summary>
    private const float LargestHalf = 65504;

    private float[] _lows = [];
    private float[] _steps = [];
    private float[] _factors = [];

    /// <summary>Makes a quantiser; only that of 8 bits needs training.</summary>
    /// <param name="dimension">Numbers in a vector, at least 1.</param>
    /// <param name="code">How each number is stored (default: a byte).</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is below 1, or there is no such code.</exception>
    public ScalarQuantizer(int dimension, ScalarCode code = ScalarCode.EightBit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (!Enum.IsDefined(code))
            throw new ArgumentOutOfRangeException(nameof(code), code, "Give EightBit, Half or BFloat.");
        (Dimension, Code) = (dimension, code);
        CodeSize = checked(dimension * (code == ScalarCode.EightBit ? 1 : 2));
    }

    /// <summary>Numbers in a vector.</summary>
    public int Dimension { get; }

    /// <summary>How each number is stored.</summary>
    public ScalarCode Code { get; }

    /// <summary>Bytes of a code.</summary>
    public int CodeSize { get; }

    /// <summary>Whether vectors can be coded; always so for floats of 16 bits.</summary>
    public bool IsTrained => Code != ScalarCode.EightBit || _lows.Length > 0;

    /// <summary>The grids: a row of the least values and a row of the steps; no rows for floats of 16 bits.</summary>
    /// <exception cref="InvalidOperationException">The quantiser is not trained.</exception>
    public Matrix Grids
    {
        get
        {
            RequireTrained();
            return new Matrix((float[])[.. _lows, .. _steps], Dimension);
        }
    }

    internal long Bytes => (_lows.Length + _steps.Length + _factors.Length) * (long)sizeof(float);

    /// <summary>Learns the range of each dimension; floats of 16 bits have nothing to learn, and the sample is only checked.</summary>
    /// <param name="sample">At least one row of <see cref="Dimension"/> finite numbers, of size 1e15 at most. What is coded later beyond its range becomes the end of the range.</param>
    /// <param name="options">Threads; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between blocks; the quantiser stays as it was.</param>
    /// <exception cref="ArgumentException">The sample is empty, of another dimension, or its numbers are out of range.</exception>
    public TrainingReport Train(Matrix sample, BuildOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sample);
        options ??= BuildOptions.Default;
        options.Validate();
        VectorChecks.RequireDimension(sample.Dimension, Dimension, nameof(sample));
        if (sample.Rows == 0)
            throw new ArgumentException("The training sample is empty: give at least one vector.", nameof(sample));
        VectorChecks.RequireMeasurable(sample, Metric.L2, nameof(sample), options.Threads);
        if (Code == ScalarCode.EightBit)
        {
            (float[] lows, float[] highs) = Ranges(sample, options.Threads, cancellationToken);
            SetGrids(lows, [.. lows.Zip(highs, (low, high) => (float)(((double)high - low) / Steps))]);
        }

        return new TrainingReport(sample.Rows, []);
    }

    /// <summary>Codes vectors.</summary>
    /// <param name="vectors">Rows of <see cref="Dimension"/> finite numbers, of size 1e15 at most, for <see cref="ScalarCode.Half"/> 65504.</param>
    /// <param name="codes">Receives <see cref="CodeSize"/> bytes for each row: its numbers in order, those of two bytes little-endian.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <exception cref="InvalidOperationException">The quantiser is not trained.</exception>
    /// <exception cref="ArgumentException">The dimension, the room or a number is out of range.</exception>
    public void Encode(Matrix vectors, Memory<byte> codes, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        RequireTrained();
        CodebookChecks.RequireVectors(vectors, Dimension, CodeSize, codes);
        RequireInRange(vectors.Span, nameof(vectors));
        const int Block = 256;
        Workers.For((vectors.Rows + Block - 1) / Block, threads, (block, _) =>
        {
            int end = Math.Min(vectors.Rows, (block + 1) * Block);
            for (int i = block * Block; i < end; i++)
                EncodeOne(vectors[i], codes.Span.Slice(i * CodeSize, CodeSize));
        });
    }

    /// <summary>Codes one vector, without allocating.</summary>
    /// <param name="vector"><see cref="Dimension"/> finite numbers, of size 1e15 at most, for <see cref="ScalarCode.Half"/> 65504.</param>
    /// <param name="code">Receives <see cref="CodeSize"/> bytes.</param>
    /// <exception cref="InvalidOperationException">The quantiser is not trained.</exception>
    /// <exception cref="ArgumentException">The dimension, the room or a number is out of range.</exception>
    public void Encode(ReadOnlySpan<float> vector, Span<byte> code)
    {
        RequireTrained();
        VectorChecks.RequireDimension(vector.Length, Dimension, nameof(vector));
        if (code.Length != CodeSize)
            throw new ArgumentException($"A code takes {CodeSize} bytes, not {code.Length}.", nameof(code));
        RequireInRange(vector, nameof(vector));
        EncodeOne(vector, code);
    }

    /// <summary>The vectors that codes stand for.</summary>
    /// <param name="codes">Whole codes of <see cref="CodeSize"/> bytes.</param>
    /// <param name="vectors">Receives <see cref="Dimension"/> numbers for each code.</param>
    /// <exception cref="InvalidOperationException">The quantiser is not trained.</exception>
    /// <exception cref="ArgumentException">The codes are not whole, or the room is not theirs.</exception>
    public void Decode(ReadOnlySpan<byte> codes, Span<float> vectors)
    {
        RequireTrained();
        CodebookChecks.RequireCodes(codes, CodeSize, vectors, Dimension);
        for (; !codes.IsEmpty; codes = codes[CodeSize..], vectors = vectors[Dimension..])
        {
            ReadOnlySpan<byte> code = codes[..CodeSize];
            Span<float> vector = vectors[..Dimension];
            switch (Code)
            {
                case ScalarCode.EightBit:
                    CodeConversion.Decode<ByteCodes>(code, _lows, _steps, vector);
                    break;
                case ScalarCode.Half:
                    CodeConversion.Decode<HalfCodes>(code, default, default, vector);
                    break;
                default:
                    CodeConversion.Decode<BFloatCodes>(code, default, default, vector);
                    break;
            }
        }
    }

    /// <summary>Takes over grids that were learned before: lows and steps of <see cref="Dimension"/> finite numbers each.</summary>
    internal void SetGrids(float[] lows, float[] steps) =>
        (_lows, _steps, _factors) = (lows, steps, Array.ConvertAll(steps, step => step > 0 && float.IsFinite(1 / step) ? 1 / step : 0));

    /// <summary>Makes a query ready to be compared with codes by a metric.</summary>
    internal void Prepare(ReadOnlySpan<float> vector, Metric metric, ScalarQuery query)
    {
        Span<float> numbers = query.Numbers.Span;
        (query.Metric, query.Offset) = (metric, metric == Metric.Cosine ? 1 : 0);
        if (Code != ScalarCode.EightBit)
        {
            vector.CopyTo(numbers);
            return;
        }

        if (metric != Metric.L2)
            query.Offset -= Distance.Dot(vector, _lows);
        for (int j = 0; j < numbers.Length; j++)
            numbers[j] = metric == Metric.L2 ? _lows[j] - vector[j] : _steps[j] * vector[j];
    }

    /// <summary>
    /// The distances of a query to what codes stand for: squared for L2, the negated inner product, and one less the inner
    /// product for cosine. Of the first codes in order, one for each result, or, where rows are named, of those.
    /// </summary>
    internal void Distances(ScalarQuery query, ReadOnlySpan<byte> codes, ReadOnlySpan<int> rows, Span<float> results)
    {
        switch (Code)
        {
            case ScalarCode.EightBit:
                Distances<ByteCodes>(query, codes, rows, results);
                break;
            case ScalarCode.Half:
                Distances<HalfCodes>(query, codes, rows, results);
                break;
            default:
                Distances<BFloatCodes>(query, codes, rows, results);
                break;
        }
    }

    private void Distances<TFormat>(ScalarQuery query, ReadOnlySpan<byte> codes, ReadOnlySpan<int> rows, Span<float> results)
        where TFormat : struct, ICodeFormat
    {
        if (query.Metric == Metric.L2)
        {
            CodeDistance.SquaredL2s<TFormat>(query.Numbers.Span, _steps, codes, rows, results);
            return;
        }

        CodeDistance.Dots<TFormat>(query.Numbers.Span, codes, rows, results);
        for (int i = 0; i < results.Length; i++)
            results[i] = query.Offset - results[i];
    }

    private void EncodeOne(ReadOnlySpan<float> vector, Span<byte> code)
    {
        switch (Code)
        {
            case ScalarCode.EightBit:
                CodeConversion.Encode<ByteCodes>(vector, _lows, _factors, code);
                break;
            case ScalarCode.Half:
                CodeConversion.Encode<HalfCodes>(vector, default, default, code);
                break;
            default:
                CodeConversion.Encode<BFloatCodes>(vector, default, default, code);
                break;
        }
    }

    private static (float[] Lows, float[] Highs) Ranges(Matrix sample, int threads, CancellationToken cancellationToken)
    {
        const int Block = 4096;
        float[] lows = sample[0].ToArray(), highs = sample[0].ToArray();
        var gate = new Lock();
        Workers.For((sample.Rows + Block - 1) / Block, threads, (block, _) =>
        {
            int start = block * Block, end = Math.Min(sample.Rows, start + Block);
            float[] low = sample[start].ToArray(), high = sample[start].ToArray();
            for (int i = start + 1; i < end; i++)
                Widen(low, high, sample[i], sample[i]);
            lock (gate)
                Widen(lows, highs, low, high);
        }, cancellationToken);
        return (lows, highs);
    }

    private static void Widen(Span<float> lows, Span<float> highs, ReadOnlySpan<float> low, ReadOnlySpan<float> high)
    {
        int j = 0;
        for (; j + Vector<float>.Count <= low.Length; j += Vector<float>.Count)
        {
            Vector.Min(new Vector<float>(lows[j..]), new Vector<float>(low[j..])).CopyTo(lows[j..]);
            Vector.Max(new Vector<float>(highs[j..]), new Vector<float>(high[j..])).CopyTo(highs[j..]);
        }

        for (; j < low.Length; j++)
            (lows[j], highs[j]) = (Math.Min(lows[j], low[j]), Math.Max(highs[j], high[j]));
    }

    private void RequireInRange(ReadOnlySpan<float> numbers, string name)
    {
        float most = Code == ScalarCode.Half ? LargestHalf : VectorChecks.Largest;
        int at = Finite.FirstBeyond(numbers, most);
        if (at >= 0)
            throw new ArgumentException($"Row {at / Dimension}, column {at % Dimension} is {numbers[at]}; this code holds finite numbers up to {most} in size: scale the vectors down{(Code == ScalarCode.Half ? ", or take BFloat" : "")}.", name);
    }

    private void RequireTrained()
    {
        if (!IsTrained)
            throw new InvalidOperationException("The scalar quantiser is not trained: call Train with representative vectors first.");
    }
}

using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>
/// Residual quantisation (Juang and Gray, 1982; Chen, Guan and Wang, 2010): a vector is replaced by the number of its
/// nearest entry in a first codebook, what is left of it by that of a second one, and so on; it decodes to the sum of the
/// entries. L levels of b bits take L * b bits. Short codes have less error than product codes of their size.
/// Not where much is coded in haste, since each level costs as many multiply-adds as all parts of a
/// <see cref="ProductQuantizer"/>, nor for long codes, whose last levels gain little.
/// </summary>
public sealed class ResidualQuantizer
{
    /// <summary>The widest beam.</summary>
    public const int MostBeam = 256;

    private float[] _codebooks = [];
    private Lazy<ResidualEncoder>? _encoder;

    /// <summary>Makes an untrained quantiser.</summary>
    /// <param name="dimension">Numbers in a vector.</param>
    /// <param name="levels">Levels L, at least 1.</param>
    /// <param name="bits">Bits of each level's code, 1 to 16 (default 8).</param>
    /// <param name="beam">Partial codes kept while coding, 1 to <see cref="MostBeam"/> (default 1, which takes the nearest entry of each level). A wider beam finds codes of less error and takes longer in training and coding; decoding is the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public ResidualQuantizer(int dimension, int levels, int bits = 8, int beam = 1)
    {
        Validate(dimension, levels, bits, beam);
        (Dimension, Levels, Bits, Beam) = (dimension, levels, bits, beam);
    }

    /// <summary>Numbers in a vector.</summary>
    public int Dimension { get; }

    /// <summary>Levels L, each with a codebook.</summary>
    public int Levels { get; }

    /// <summary>Bits of each level's code.</summary>
    public int Bits { get; }

    /// <summary>Partial codes kept while coding.</summary>
    public int Beam { get; }

    /// <summary>Entries in each codebook, 2^bits.</summary>
    public int Centroids => 1 << Bits;

    /// <summary>Bytes of a packed code, L * bits rounded up to whole bytes.</summary>
    public int CodeSize => (Levels * Bits + 7) / 8;

    /// <summary>Whether the codebooks are there.</summary>
    public bool IsTrained => _encoder is not null;

    /// <summary>Training vectors that are enough: 39 for each entry of a codebook.</summary>
    public int SufficientTrainingVectors => CodebookChecks.MinPointsPerCentroid * Centroids;

    /// <summary>The codebooks, one after the other: L * 2^bits rows of <see cref="Dimension"/> numbers.</summary>
    /// <exception cref="InvalidOperationException">The quantiser is not trained.</exception>
    public Matrix Codebooks
    {
        get
        {
            RequireTrained();
            return new Matrix(_codebooks, Dimension);
        }
    }

    internal long Bytes => (long)_codebooks.Length * sizeof(float) + (_encoder is { IsValueCreated: true } made ? made.Value.Bytes : 0);

    /// <summary>
    /// Learns one codebook after the other by k-means, each on what those before leave of the sample (by codes of this
    /// quantiser's beam); in few directions first and in more step by step, after FAISS's progressive-dimension training.
    /// </summary>
    /// <param name="sample">At least 2^bits rows of <see cref="Dimension"/> finite numbers of size 1e15 at most; 39 * 2^bits are enough for good codebooks.</param>
    /// <param name="options">Seed, threads, iterations (a third for each step in few directions, fewer for each part of the sample), most vectors for each entry; null for the defaults.</param>
    /// <param name="progress">Told after each codebook.</param>
    /// <param name="cancellationToken">Stops within a codebook; the quantiser stays as it was.</param>
    /// <exception cref="ArgumentException">The sample is too small or of another dimension.</exception>
    public TrainingReport Train(Matrix sample, BuildOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sample);
        options ??= BuildOptions.Default;
        options.Validate();
        CodebookChecks.RequireSample(sample, Dimension, Centroids);
        VectorChecks.RequireMeasurable(sample, Metric.L2, nameof(sample));
        SetCodebooks(ResidualTraining.Run(this, sample, options, progress, cancellationToken));
        return CodebookChecks.Report(sample.Rows, Centroids);
    }

    /// <summary>Codes vectors.</summary>
    /// <param name="vectors">Rows of <see cref="Dimension"/> finite numbers, of size 1e15 at most.</param>
    /// <param name="codes">Receives <see cref="CodeSize"/> bytes for each row; level l's number occupies the bits from l * bits on, lowest first.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <exception cref="InvalidOperationException">The quantiser is not trained.</exception>
    public void Encode(Matrix vectors, Memory<byte> codes, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        RequireTrained();
        CodebookChecks.RequireVectors(vectors, Dimension, CodeSize, codes);
        VectorChecks.RequireMeasurable(vectors, Metric.L2, nameof(vectors));
        var numbers = new ushort[(long)vectors.Rows * Levels];
        _encoder!.Value.Encode(vectors, numbers, threads, default);
        for (int i = 0; i < vectors.Rows; i++)
            CodePacking.Pack(numbers.AsSpan(i * Levels, Levels), Bits, codes.Span.Slice(i * CodeSize, CodeSize));
    }

    /// <summary>The vectors that codes stand for: sums of one entry of each codebook.</summary>
    /// <param name="codes">Whole codes of <see cref="CodeSize"/> bytes.</param>
    /// <param name="vectors">Receives <see cref="Dimension"/> numbers for each code.</param>
    /// <exception cref="InvalidOperationException">The quantiser is not trained.</exception>
    public void Decode(ReadOnlySpan<byte> codes, Span<float> vectors)
    {
        RequireTrained();
        CodebookChecks.RequireCodes(codes, CodeSize, vectors, Dimension);
        Span<ushort> numbers = new ushort[Levels];
        for (int i = 0; i < codes.Length / CodeSize; i++)
        {
            CodePacking.Unpack(codes.Slice(i * CodeSize, CodeSize), Bits, numbers);
            DecodeNumbers(numbers, vectors.Slice(i * Dimension, Dimension));
        }
    }

    /// <summary>Codes rows to one number for each level.</summary>
    internal void EncodeNumbers(ReadOnlySpan<float> rows, int count, Span<ushort> numbers, ResidualScratch scratch)
    {
        ResidualEncoder encoder = _encoder!.Value;
        int most = encoder.BlockSize;
        for (int start = 0; start < count; start += most)
        {
            int some = Math.Min(most, count - start);
            encoder.Encode(rows.Slice(start * Dimension, some * Dimension), some, numbers.Slice(start * Levels, some * Levels), scratch);
        }
    }

    internal void DecodeNumbers(ReadOnlySpan<ushort> numbers, Span<float> vector)
    {
        vector.Clear();
        for (int level = 0; level < Levels; level++)
            Accumulate.AddScaled(vector, 1, _codebooks.AsSpan((level * Centroids + numbers[level]) * Dimension, Dimension));
    }

    internal static void Validate(int dimension, int levels, int bits, int beam)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        CodebookChecks.RequireBits(bits);
        if (beam is < 1 or > MostBeam)
            throw new ArgumentOutOfRangeException(nameof(beam), beam, $"The beam must be between 1 and {MostBeam}.");
        if ((long)levels * dimension > Array.MaxLength >> bits)
            throw new ArgumentOutOfRangeException(nameof(levels), levels, $"{levels} codebooks of {1 << bits} entries of {dimension} numbers are more than an array holds, {Array.MaxLength}: take fewer levels or bits.");
    }

    internal void SetCodebooks(float[] codebooks)
    {
        // The encoder before is left to the collector: another thread may be coding with it. Whoever only searches needs none.
        (_codebooks, _encoder) = (codebooks, new Lazy<ResidualEncoder>(() => new ResidualEncoder(codebooks, Dimension, Centroids, Beam)));
    }

    private void RequireTrained()
    {
        if (!IsTrained)
            throw new InvalidOperationException("The residual quantiser is not trained: call Train with representative vectors first.");
    }
}

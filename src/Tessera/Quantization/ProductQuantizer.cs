using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>
/// Product quantisation (Jegou, Douze and Schmid, 2011): a vector is cut into equal parts, and each part is replaced by the
/// number of its nearest centroid in that part's own codebook. M parts of b bits take M * b bits.
/// Not for data whose variance sits in few dimensions unless they are rotated first.
/// </summary>
public sealed class ProductQuantizer
{
    /// <summary>Training vectors for each centroid below which training warns.</summary>
    public const int MinPointsPerCentroid = CodebookChecks.MinPointsPerCentroid;

    /// <summary>Training vectors that small codebooks use at least, where there are so many: 256 for each of 16 centroids say too little of the data.</summary>
    internal const int LeastSample = 16384;

    private readonly Panels[] _left;
    private readonly Panels[] _tables;
    private float[] _codebooks = [];

    /// <summary>Makes an untrained quantiser.</summary>
    /// <param name="dimension">Numbers in a vector.</param>
    /// <param name="subquantizers">Parts M; must divide the dimension.</param>
    /// <param name="bits">Bits of each part's code, 1 to 16 (default 8).</param>
    /// <exception cref="ArgumentException">The parts do not divide the dimension, or the bits are out of range.</exception>
    public ProductQuantizer(int dimension, int subquantizers, int bits = 8)
    {
        Validate(dimension, subquantizers, bits);
        Dimension = dimension;
        Subquantizers = subquantizers;
        Bits = bits;
        _left = new Panels[subquantizers];
        _tables = new Panels[subquantizers];
    }

    /// <summary>Numbers in a vector.</summary>
    public int Dimension { get; }

    /// <summary>Parts M of a vector.</summary>
    public int Subquantizers { get; }

    /// <summary>Bits of each part's code.</summary>
    public int Bits { get; }

    /// <summary>Centroids in each codebook, 2^bits.</summary>
    public int Centroids => 1 << Bits;

    /// <summary>Numbers in each part.</summary>
    public int SubDimension => Dimension / Subquantizers;

    /// <summary>Bytes of a packed code, M * bits rounded up to whole bytes.</summary>
    public int CodeSize => (Subquantizers * Bits + 7) / 8;

    /// <summary>Whether the codebooks are there.</summary>
    public bool IsTrained => _codebooks.Length > 0;

    /// <summary>Training vectors that are enough: 39 for each centroid.</summary>
    public int SufficientTrainingVectors => MinPointsPerCentroid * Centroids;

    /// <summary>The codebooks, one after the other: M * 2^bits rows of <see cref="SubDimension"/> numbers.</summary>
    /// <exception cref="InvalidOperationException">The quantiser is not trained.</exception>
    public Matrix Codebooks
    {
        get
        {
            RequireTrained();
            return new Matrix(_codebooks, SubDimension);
        }
    }

    internal long Bytes => (long)_codebooks.Length * sizeof(float) + (IsTrained ? _left.Sum(p => p.Bytes) + _tables.Sum(p => p.Bytes) : 0);

    /// <summary>Learns one codebook for each part by k-means.</summary>
    /// <param name="sample">At least 2^bits rows of <see cref="Dimension"/> finite numbers; 39 * 2^bits are enough for good codebooks.</param>
    /// <param name="options">Seed, threads, iterations; null for the defaults.</param>
    /// <param name="progress">Told after each codebook.</param>
    /// <param name="cancellationToken">Stops within a codebook; the quantiser stays as it was.</param>
    /// <exception cref="ArgumentException">The sample is too small or of another dimension.</exception>
    public TrainingReport Train(Matrix sample, BuildOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sample);
        options ??= BuildOptions.Default;
        options.Validate();
        CodebookChecks.RequireSample(sample, Dimension, Centroids);

        var codebooks = new float[(long)Subquantizers * Centroids * SubDimension];
        int done = 0;
        // One codebook a thread: they are many and independent, which spares all synchronisation inside.
        Workers.For(Subquantizers, options.Threads, (m, _) =>
        {
            var settings = new KMeansOptions
            {
                Clusters = Centroids,
                Iterations = options.CodebookIterations,
                Init = KMeansInit.PlusPlus,
                MaxPointsPerCluster = options.MaxPointsPerCentroid == 0 ? 0 : Math.Max(options.MaxPointsPerCentroid, LeastSample / Centroids),
                Seed = options.Seed + (ulong)m,
                Threads = 1,
            };
            Matrix part = Part(sample, m, SubDimension, null);
            GrowingKMeans.Fit(KMeans.Sample(part, settings), settings, null, cancellationToken).Span.CopyTo(codebooks.AsSpan(m * Centroids * SubDimension));
            progress?.Report(new TrainingProgress("codebooks", Interlocked.Increment(ref done), Subquantizers));
        }, cancellationToken);
        SetCodebooks(codebooks);
        return CodebookChecks.Report(sample.Rows, Centroids);
    }

    /// <summary>Codes vectors.</summary>
    /// <param name="vectors">Rows of <see cref="Dimension"/> finite numbers.</param>
    /// <param name="codes">Receives <see cref="CodeSize"/> bytes for each row; part m's number occupies the bits from m * bits on, lowest first.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <exception cref="InvalidOperationException">The quantiser is not trained.</exception>
    public void Encode(Matrix vectors, Memory<byte> codes, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        RequireTrained();
        CodebookChecks.RequireVectors(vectors, Dimension, CodeSize, codes);
        const int Block = 1024;
        Workers.For((vectors.Rows + Block - 1) / Block, threads, (block, _) =>
        {
            int start = block * Block, count = Math.Min(Block, vectors.Rows - start);
            var numbers = new ushort[count * Subquantizers];
            using var scratch = new EncodeScratch(Block);
            EncodeNumbers(vectors.Slice(start, count).Span, count, numbers, scratch);
            Span<byte> target = codes.Span.Slice(start * CodeSize, count * CodeSize);
            for (int i = 0; i < count; i++)
                CodePacking.Pack(numbers.AsSpan(i * Subquantizers, Subquantizers), Bits, target.Slice(i * CodeSize, CodeSize));
        });
    }

    /// <summary>The vectors that codes stand for.</summary>
    /// <param name="codes">Whole codes of <see cref="CodeSize"/> bytes.</param>
    /// <param name="vectors">Receives <see cref="Dimension"/> numbers for each code.</param>
    /// <exception cref="InvalidOperationException">The quantiser is not trained.</exception>
    public void Decode(ReadOnlySpan<byte> codes, Span<float> vectors)
    {
        RequireTrained();
        CodebookChecks.RequireCodes(codes, CodeSize, vectors, Dimension);
        Span<ushort> numbers = new ushort[Subquantizers];
        for (int i = 0; i < codes.Length / CodeSize; i++)
        {
            CodePacking.Unpack(codes.Slice(i * CodeSize, CodeSize), Bits, numbers);
            DecodeNumbers(numbers, vectors.Slice(i * Dimension, Dimension));
        }
    }

    internal static void Validate(int dimension, int subquantizers, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (subquantizers < 1 || dimension % subquantizers != 0)
        {
            IEnumerable<int> near = Enumerable.Range(1, (int)Math.Sqrt(dimension)).Where(m => dimension % m == 0)
                .SelectMany(m => new[] { m, dimension / m }).Distinct()
                .OrderBy(m => Math.Abs((long)m - subquantizers)).ThenBy(m => m).Take(3).Order();
            throw new ArgumentOutOfRangeException(nameof(subquantizers), subquantizers,
                $"The number of subquantizers must divide the dimension, {dimension}; the nearest that do are {string.Join(", ", near)}.");
        }

        CodebookChecks.RequireBits(bits);
    }

    internal void RequireTrained()
    {
        if (!IsTrained)
            throw new InvalidOperationException("The product quantiser is not trained: call Train with representative vectors first.");
    }

    internal void SetCodebooks(float[] codebooks)
    {
        int size = Centroids * SubDimension;
        var negated = new float[size];
        for (int m = 0; m < Subquantizers; m++)
        {
            ReadOnlySpan<float> codebook = codebooks.AsSpan(m * size, size);
            _left[m] = Panels.Left(codebook, Centroids, SubDimension);
            for (int i = 0; i < size; i++)
                negated[i] = -codebook[i];
            _tables[m] = Panels.Right(negated, Centroids, SubDimension);
        }

        _codebooks = codebooks;
    }

    /// <summary>Codes rows to one number for each part.</summary>
    internal void EncodeNumbers(ReadOnlySpan<float> rows, int count, Span<ushort> numbers, EncodeScratch scratch)
    {
        int sub = SubDimension;
        Span<float> norms = scratch.Norms(Centroids);
        for (int m = 0; m < Subquantizers; m++)
        {
            Distance.SquaredNorms(_codebooks.AsSpan(m * Centroids * sub, Centroids * sub), sub, norms);
            Panels right = scratch.Right.Pack(rows[(m * sub)..], count, sub, Dimension);
            NearestLeft.Find(_left[m], norms, right, 0, right.PanelCount, scratch.Best, scratch.Index);
            for (int i = 0; i < count; i++)
                numbers[i * Subquantizers + m] = (ushort)scratch.Index[i];
        }
    }

    internal void DecodeNumbers(ReadOnlySpan<ushort> numbers, Span<float> vector)
    {
        int sub = SubDimension;
        for (int m = 0; m < numbers.Length; m++)
            _codebooks.AsSpan((m * Centroids + numbers[m]) * sub, sub).CopyTo(vector[(m * sub)..]);
    }

    /// <summary>The negated inner products of queries with every codebook entry: M * 2^bits numbers for each query.</summary>
    internal void NegatedTables(ReadOnlySpan<float> queries, int count, Panels scratch, AlignedBuffer<float> tables)
    {
        int sub = SubDimension, entries = Subquantizers * Centroids;
        for (int m = 0; m < Subquantizers; m++)
        {
            scratch.Pack(queries[(m * sub)..], count, sub, Dimension);
            MatrixProduct.Store(scratch, _tables[m], tables, m * Centroids, entries);
        }
    }

    /// <summary>One part of every vector, whose dimensions are taken in an order; null for the given one.</summary>
    internal static Matrix Part(Matrix vectors, int part, int length, DimensionOrder? order)
    {
        var numbers = new float[vectors.Rows * length];
        ReadOnlySpan<int> taken = order is null ? default : order.Taken.Slice(part * length, length);
        for (int i = 0; i < vectors.Rows; i++)
        {
            ReadOnlySpan<float> vector = vectors[i];
            Span<float> target = numbers.AsSpan(i * length, length);
            if (taken.IsEmpty)
                vector.Slice(part * length, length).CopyTo(target);
            for (int j = 0; j < taken.Length; j++)
                target[j] = vector[taken[j]];
        }

        return new Matrix(numbers, length);
    }
}

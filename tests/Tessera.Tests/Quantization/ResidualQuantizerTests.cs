using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Quantization;

public sealed class ResidualQuantizerTests
{
    public static TheoryData<int, int, int> Shapes() => new()
    {
        { 8, 4, 1 }, { 3, 2, 2 }, { 12, 5, 3 }, { 15, 3, 4 }, { 40, 2, 5 }, { 9, 3, 6 }, { 14, 2, 7 }, { 16, 4, 8 }, { 1, 2, 9 }, { 4, 2, 10 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Each_level_names_the_nearest_entry_to_what_the_levels_before_left(int dimension, int levels, int bits)
    {
        ResidualQuantizer quantizer = Trained(dimension, levels, bits);
        Matrix vectors = TestVectors.Normal(70, dimension, 9);
        ushort[] numbers = Numbers(quantizer, Encode(quantizer, vectors));
        int entries = 1 << bits;
        for (int i = 0; i < vectors.Rows; i++)
        {
            float[] left = vectors[i].ToArray();
            for (int level = 0; level < levels; level++)
            {
                ReadOnlySpan<float> codebook = quantizer.Codebooks.Span.Slice(level * entries * dimension, entries * dimension);
                float least = Scalar.SquaredL2(left, codebook.Slice(Scalar.Nearest(left, codebook, entries) * dimension, dimension));
                ReadOnlySpan<float> chosen = codebook.Slice(numbers[i * levels + level] * dimension, dimension);
                // The product's distances round, so that of two entries as near either may be chosen.
                Assert.Equal(least, Scalar.SquaredL2(left, chosen), 1e-5f * (1 + Scalar.Dot(left, left)));
                for (int d = 0; d < dimension; d++)
                    left[d] -= chosen[d];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Codes_decode_to_the_sum_of_the_entries_that_they_name(int dimension, int levels, int bits)
    {
        ResidualQuantizer quantizer = Trained(dimension, levels, bits);
        byte[] codes = Encode(quantizer, TestVectors.Normal(70, dimension, 9));
        ushort[] numbers = Numbers(quantizer, codes);

        float[] decoded = Decode(quantizer, codes);

        for (int i = 0; i < 70; i++)
        {
            var sum = new float[dimension];
            for (int level = 0; level < levels; level++)
            {
                for (int d = 0; d < dimension; d++)
                    sum[d] += quantizer.Codebooks[(level << bits) + numbers[i * levels + level]][d];
            }

            Assert.Equal(sum, decoded.AsSpan(i * dimension, dimension));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    public void A_beam_keeps_the_best_partial_codes(int beam)
    {
        const int Dimension = 10, Levels = 3, Bits = 3;
        ResidualQuantizer quantizer = Trained(Dimension, Levels, Bits, beam: beam);
        Matrix vectors = TestVectors.Normal(50, Dimension, 9);
        float[] decoded = Decode(quantizer, Encode(quantizer, vectors));
        for (int i = 0; i < vectors.Rows; i++)
        {
            float found = Scalar.SquaredL2(vectors[i], decoded.AsSpan(i * Dimension, Dimension));
            Assert.Equal(BeamByHand(vectors[i], quantizer, beam), found, 1e-4f * (1 + Scalar.Dot(vectors[i], vectors[i])));
        }
    }

    [Fact]
    public void A_beam_as_wide_as_all_partial_codes_finds_the_best_code_of_all()
    {
        ResidualQuantizer quantizer = Trained(6, 2, 4, beam: 16);
        Matrix vectors = TestVectors.Normal(50, 6, 9);
        float[] decoded = Decode(quantizer, Encode(quantizer, vectors));
        var all = new byte[256];
        for (int i = 0; i < 256; i++)
            all[i] = (byte)i;
        float[] sums = Decode(quantizer, all);
        for (int i = 0; i < vectors.Rows; i++)
        {
            float least = Scalar.SquaredL2(vectors[i], sums.AsSpan(Scalar.Nearest(vectors[i], sums, 256) * 6, 6));
            Assert.Equal(least, Scalar.SquaredL2(vectors[i], decoded.AsSpan(i * 6, 6)), 1e-4f * (1 + Scalar.Dot(vectors[i], vectors[i])));
        }
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(5, 4)]
    [InlineData(40, 4)]
    public void Beams_through_tables_and_through_residuals_find_codes_as_good(int beam, int bits)
    {
        const int Dimension = 12, Levels = 4;
        ResidualQuantizer quantizer = Trained(Dimension, Levels, bits, beam: beam);
        Matrix vectors = TestVectors.Normal(90, Dimension, 9);
        using var direct = new ResidualEncoder(quantizer.Codebooks.Span.ToArray(), Dimension, 1 << bits, beam, tables: false);
        var numbers = new ushort[90 * Levels];
        direct.Encode(vectors, numbers, 1, TestContext.Current.CancellationToken);

        ushort[] tabled = Numbers(quantizer, Encode(quantizer, vectors));

        // Rounding may turn a choice between partial codes as good; nearly all agree.
        int same = Enumerable.Range(0, 90).Count(i => numbers.AsSpan(i * Levels, Levels).SequenceEqual(tabled.AsSpan(i * Levels, Levels)));
        Assert.InRange(same, 88, 90);
    }

    [Theory]
    [InlineData(3, 4, 2)]
    [InlineData(4, 4, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(5, 7, 5)]
    [InlineData(3, 16, 6)]
    public void A_code_takes_its_bits_rounded_up_to_whole_bytes(int levels, int bits, int bytes)
    {
        Assert.Equal(bytes, new ResidualQuantizer(6, levels, bits).CodeSize);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Codes_of_16_bits_reach_every_entry(int beam)
    {
        // The first codebook holds whole numbers in a square, the second, of 65,536 too, little more than zeros.
        var quantizer = new ResidualQuantizer(2, 2, 16, beam);
        float[] values = [.. Enumerable.Range(0, 65_536).SelectMany(i => new float[] { i / 256, i % 256 })];
        var codebooks = new float[values.Length * 2];
        values.CopyTo(codebooks, 0);
        codebooks.AsSpan(values.Length).Fill(1000);
        codebooks.AsSpan(values.Length + 2 * 40_000, 2).Clear();
        quantizer.SetCodebooks(codebooks);
        int[] rows = [0, 1, 255, 256, 32_767, 32_768, 65_535];

        ushort[] numbers = Numbers(quantizer, Encode(quantizer, new Matrix(values, 2).Select(rows)));

        Assert.Equal(rows.SelectMany(row => new[] { (ushort)row, (ushort)40_000 }), numbers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_error_falls_with_levels_and_with_bits(int beam)
    {
        Matrix vectors = TestVectors.Normal(1500, 12, 1);
        double[] byLevel = [.. Enumerable.Range(1, 6).Select(levels => Error(Trained(12, levels, 4, vectors, beam), vectors))];
        double[] byBits = [.. Enumerable.Range(1, 7).Select(bits => Error(Trained(12, 3, bits, vectors, beam), vectors))];

        for (int i = 1; i < byLevel.Length; i++)
            Assert.InRange(byLevel[i], 0, 0.9 * byLevel[i - 1]);
        for (int i = 1; i < byBits.Length; i++)
            Assert.InRange(byBits[i], 0, 0.9 * byBits[i - 1]);
    }

    [Fact]
    public void The_error_falls_with_the_beam()
    {
        Matrix vectors = TestVectors.Normal(1500, 12, 1);
        double[] errors = [.. new[] { 1, 4, 16 }.Select(beam => Error(Trained(12, 5, 4, vectors, beam), vectors))];

        Assert.InRange(errors[1], 0, 0.97 * errors[0]);
        Assert.InRange(errors[2], 0, 0.995 * errors[1]);
    }

    [Fact]
    public void Vectors_of_few_distinct_values_are_coded_without_error()
    {
        var values = new float[500 * 6];
        for (int i = 0; i < values.Length; i++)
            values[i] = i / 6 % 5 * (i % 6);
        var vectors = new Matrix(values, 6);

        Assert.InRange(Error(Trained(6, 2, 4, vectors), vectors), 0, 1e-6);
        Assert.InRange(Error(Trained(6, 2, 4, vectors, beam: 4), vectors), 0, 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Codes_do_not_depend_on_the_threads_nor_on_what_is_coded_together(int beam)
    {
        ResidualQuantizer quantizer = Trained(16, 3, 6, beam: beam);
        Matrix vectors = TestVectors.Normal(2500, 16, 9);
        byte[] codes = Encode(quantizer, vectors, threads: 1);

        Assert.Equal(codes, Encode(quantizer, vectors, threads: 2));
        int size = quantizer.CodeSize;
        for (int i = 0; i < vectors.Rows; i += 97)
            Assert.Equal(codes[(i * size)..((i + 1) * size)], Encode(quantizer, vectors.Slice(i, 1)));
    }

    [Fact]
    public void No_vectors_give_no_codes()
    {
        foreach (int beam in (int[])[1, 2])
        {
            ResidualQuantizer quantizer = Trained(8, 2, 4, beam: beam);
            quantizer.Encode(new Matrix(Array.Empty<float>(), 8), Array.Empty<byte>());
            quantizer.Decode([], []);
        }
    }

    [Fact]
    public void Vectors_and_rooms_of_the_wrong_size_are_refused_by_name()
    {
        ResidualQuantizer quantizer = Trained(8, 4, 4);
        Matrix vectors = TestVectors.Normal(3, 8, 1);

        Assert.Equal("vectors", Assert.Throws<ArgumentException>(() => quantizer.Encode(TestVectors.Normal(3, 7, 1), new byte[6])).ParamName);
        var room = Assert.Throws<ArgumentException>(() => quantizer.Encode(vectors, new byte[7]));
        Assert.Equal("codes", room.ParamName);
        Assert.Contains("3 codes take 6 bytes, not 7", room.Message, StringComparison.Ordinal);
        Assert.Contains("Codes of 2 bytes", Assert.Throws<ArgumentException>(() => quantizer.Decode(new byte[3], new float[8])).Message, StringComparison.Ordinal);
        Assert.Contains("room for 9 numbers", Assert.Throws<ArgumentException>(() => quantizer.Decode(new byte[2], new float[9])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused_with_their_place()
    {
        ResidualQuantizer quantizer = Trained(8, 4, 4);
        float[] values = TestVectors.Normals(24, 1);
        values[13] = float.NaN;

        string message = Assert.Throws<ArgumentException>(() => quantizer.Encode(new Matrix(values, 8), new byte[6])).Message;
        Assert.Contains("Row 1, column 5 is NaN", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_whose_squares_overflow_are_refused_in_training_and_coding()
    {
        float[] values = TestVectors.Normals(100 * 8, 1);
        values[13] = 1e16f;
        var vectors = new Matrix(values, 8);

        Assert.Equal("sample", Assert.Throws<ArgumentException>(() => Trained(8, 4, 4, vectors)).ParamName);
        Assert.Equal("vectors", Assert.Throws<ArgumentException>(() => Encode(Trained(8, 4, 4), vectors)).ParamName);
    }

    private static ResidualQuantizer Trained(int dimension, int levels, int bits, Matrix? sample = null, int beam = 1)
    {
        var quantizer = new ResidualQuantizer(dimension, levels, bits, beam);
        quantizer.Train(
            sample ?? TestVectors.Normal(Math.Max(500, 1 << bits), dimension, 1),
            new BuildOptions { CodebookIterations = 8 },
            cancellationToken: TestContext.Current.CancellationToken);
        return quantizer;
    }

    /// <summary>The squared distance that a beam search written down plainly, in double precision, ends at.</summary>
    private static double BeamByHand(ReadOnlySpan<float> vector, ResidualQuantizer quantizer, int beam)
    {
        var beams = new List<double[]> { Array.ConvertAll(vector.ToArray(), number => (double)number) };
        for (int level = 0; level < quantizer.Levels; level++)
        {
            var next = new List<double[]>();
            foreach (double[] left in beams)
            {
                for (int entry = 0; entry < quantizer.Centroids; entry++)
                {
                    float[] numbers = quantizer.Codebooks[level * quantizer.Centroids + entry].ToArray();
                    next.Add([.. left.Zip(numbers, (a, b) => a - b)]);
                }
            }

            beams = [.. next.OrderBy(left => left.Sum(number => number * number)).Take(beam)];
        }

        return beams[0].Sum(number => number * number);
    }

    private static byte[] Encode(ResidualQuantizer quantizer, Matrix vectors, int threads = 1)
    {
        var codes = new byte[vectors.Rows * quantizer.CodeSize];
        quantizer.Encode(vectors, codes, threads);
        return codes;
    }

    private static float[] Decode(ResidualQuantizer quantizer, byte[] codes)
    {
        var vectors = new float[codes.Length / quantizer.CodeSize * quantizer.Dimension];
        quantizer.Decode(codes, vectors);
        return vectors;
    }

    private static float[] Decode(ResidualQuantizer quantizer, Matrix vectors) => Decode(quantizer, Encode(quantizer, vectors));

    private static double Error(ResidualQuantizer quantizer, Matrix vectors)
    {
        float[] back = Decode(quantizer, vectors);
        double sum = 0;
        for (int i = 0; i < back.Length; i++)
            sum += Math.Pow(back[i] - vectors.Span[i], 2);
        return sum / vectors.Rows;
    }

    private static ushort[] Numbers(ResidualQuantizer quantizer, byte[] codes)
    {
        int count = codes.Length / quantizer.CodeSize;
        var numbers = new ushort[count * quantizer.Levels];
        for (int i = 0; i < count; i++)
            CodePacking.Unpack(codes.AsSpan(i * quantizer.CodeSize, quantizer.CodeSize), quantizer.Bits, numbers.AsSpan(i * quantizer.Levels, quantizer.Levels));
        return numbers;
    }
}

using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Quantization;

public sealed class ProductQuantizerTests
{
    public static TheoryData<int, int, int> Shapes() => new()
    {
        { 8, 4, 1 }, { 8, 1, 2 }, { 12, 12, 3 }, { 15, 3, 4 }, { 16, 4, 5 }, { 9, 3, 6 }, { 14, 7, 7 }, { 16, 2, 8 }, { 6, 3, 9 }, { 4, 2, 10 }, { 4, 4, 12 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Each_part_of_a_code_names_the_nearest_entry_of_its_codebook(int dimension, int parts, int bits)
    {
        ProductQuantizer quantizer = Trained(dimension, parts, bits);
        Matrix vectors = TestVectors.Normal(70, dimension, 9);
        ushort[] numbers = Numbers(quantizer, Encode(quantizer, vectors));
        int sub = dimension / parts, entries = 1 << bits;
        for (int i = 0; i < vectors.Rows; i++)
        {
            for (int m = 0; m < parts; m++)
            {
                ReadOnlySpan<float> part = vectors[i].Slice(m * sub, sub);
                ReadOnlySpan<float> codebook = quantizer.Codebooks.Span.Slice(m * entries * sub, entries * sub);
                float least = Scalar.SquaredL2(part, codebook.Slice(Scalar.Nearest(part, codebook, entries) * sub, sub));
                float chosen = Scalar.SquaredL2(part, codebook.Slice(numbers[i * parts + m] * sub, sub));
                // The product's distances round, so that of two entries as near either may be chosen.
                Assert.Equal(least, chosen, 1e-5f * (1 + Scalar.Dot(part, part)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Codes_decode_to_the_entries_that_they_name(int dimension, int parts, int bits)
    {
        ProductQuantizer quantizer = Trained(dimension, parts, bits);
        byte[] codes = Encode(quantizer, TestVectors.Normal(70, dimension, 9));
        ushort[] numbers = Numbers(quantizer, codes);
        var decoded = new float[70 * dimension];

        quantizer.Decode(codes, decoded);

        int sub = dimension / parts;
        for (int i = 0; i < 70; i++)
        {
            for (int m = 0; m < parts; m++)
                Assert.Equal(quantizer.Codebooks[(m << bits) + numbers[i * parts + m]], decoded.AsSpan(i * dimension + m * sub, sub));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Coding_what_a_code_decodes_to_gives_the_same_vector(int dimension, int parts, int bits)
    {
        ProductQuantizer quantizer = Trained(dimension, parts, bits);
        float[] once = RoundTrip(quantizer, TestVectors.Normal(70, dimension, 9)), twice = RoundTrip(quantizer, new Matrix(once, dimension));

        // Of entries nearer to each other than the product's rounding, another may be chosen.
        for (int i = 0; i < once.Length; i++)
            Assert.Equal(once[i], twice[i], 2e-3f);
    }

    [Theory]
    [InlineData(8, 8, 8)]
    [InlineData(8, 4, 4)]
    [InlineData(8, 1, 1)]
    [InlineData(3, 6, 3)]
    [InlineData(5, 7, 5)]
    [InlineData(9, 9, 11)]
    [InlineData(7, 10, 9)]
    [InlineData(3, 16, 6)]
    public void A_code_takes_its_bits_rounded_up_to_whole_bytes(int parts, int bits, int bytes)
    {
        Assert.Equal(bytes, new ProductQuantizer(parts * 2, parts, bits).CodeSize);
    }

    [Fact]
    public void Codes_of_16_bits_reach_every_entry()
    {
        // Vectors that are their own codebook.
        var quantizer = new ProductQuantizer(2, 1, 16);
        var values = new Matrix(Enumerable.Range(0, 65_536).SelectMany(i => new float[] { i / 256, i % 256 }).ToArray(), 2);
        quantizer.SetCodebooks(values.Span.ToArray());

        byte[] codes = Encode(quantizer, values);

        Assert.Equal(2, quantizer.CodeSize);
        Assert.Equal(Enumerable.Range(0, 65_536).Select(i => (ushort)i), Numbers(quantizer, codes));
        Assert.Equal(values.Span, Decode(quantizer, codes));
    }

    [Fact]
    public void The_error_falls_with_more_bits()
    {
        Matrix vectors = TestVectors.Normal(1500, 16, 1);
        double[] errors = [.. Enumerable.Range(1, 9).Select(bits => Error(Trained(16, 4, bits, vectors), vectors))];

        // Each further bit halves the variance left in a dimension at best; four dimensions share it here.
        for (int i = 1; i < errors.Length; i++)
            Assert.InRange(errors[i], 0, 0.9 * errors[i - 1]);
    }

    [Fact]
    public void The_error_falls_with_more_parts()
    {
        Matrix vectors = TestVectors.Normal(1500, 16, 1);
        double[] errors = [.. new[] { 1, 2, 4, 8, 16 }.Select(parts => Error(Trained(16, parts, 6, vectors), vectors))];

        for (int i = 1; i < errors.Length; i++)
            Assert.InRange(errors[i], 0, 0.8 * errors[i - 1]);
    }

    [Fact]
    public void Parts_of_few_distinct_values_are_coded_without_error()
    {
        // Part 0 takes three values, part 1 is constant, part 2 is zero: fewer values than entries in each.
        var values = new float[500 * 6];
        for (int i = 0; i < 500; i++)
            (values[i * 6], values[i * 6 + 1], values[i * 6 + 2], values[i * 6 + 3]) = (i % 3, -i % 3, 4.5f, 4.5f);
        var vectors = new Matrix(values, 6);

        Assert.Equal(values, RoundTrip(Trained(6, 3, 4, vectors), vectors));
        Assert.Equal(values, RoundTrip(Trained(6, 3, 8, vectors), vectors));
    }

    [Fact]
    public void Codes_do_not_depend_on_the_threads_nor_on_what_is_coded_together()
    {
        ProductQuantizer quantizer = Trained(16, 4, 8);
        Matrix vectors = TestVectors.Normal(2500, 16, 9);
        byte[] codes = Encode(quantizer, vectors, threads: 1);

        Assert.Equal(codes, Encode(quantizer, vectors, threads: 2));
        for (int i = 0; i < vectors.Rows; i += 97)
            Assert.Equal(codes[(i * 4)..(i * 4 + 4)], Encode(quantizer, vectors.Slice(i, 1)));
    }

    [Fact]
    public void No_vectors_give_no_codes()
    {
        ProductQuantizer quantizer = Trained(8, 4, 4);
        quantizer.Encode(new Matrix(Array.Empty<float>(), 8), Array.Empty<byte>());
        quantizer.Decode([], []);
    }

    [Fact]
    public void Vectors_and_rooms_of_the_wrong_size_are_refused_by_name()
    {
        ProductQuantizer quantizer = Trained(8, 4, 4);
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
        ProductQuantizer quantizer = Trained(8, 4, 4);
        float[] values = TestVectors.Normals(24, 1);
        values[13] = float.NaN;

        string message = Assert.Throws<ArgumentException>(() => quantizer.Encode(new Matrix(values, 8), new byte[6])).Message;
        Assert.Contains("Row 1, column 5 is NaN", message, StringComparison.Ordinal);
    }

    internal static ProductQuantizer Trained(int dimension, int parts, int bits, Matrix? sample = null)
    {
        var quantizer = new ProductQuantizer(dimension, parts, bits);
        quantizer.Train(
            sample ?? TestVectors.Normal(Math.Max(500, 1 << bits), dimension, 1),
            new BuildOptions { CodebookIterations = 8 },
            cancellationToken: TestContext.Current.CancellationToken);
        return quantizer;
    }

    private static byte[] Encode(ProductQuantizer quantizer, Matrix vectors, int threads = 1)
    {
        var codes = new byte[vectors.Rows * quantizer.CodeSize];
        quantizer.Encode(vectors, codes, threads);
        return codes;
    }

    private static float[] Decode(ProductQuantizer quantizer, byte[] codes)
    {
        var vectors = new float[codes.Length / quantizer.CodeSize * quantizer.Dimension];
        quantizer.Decode(codes, vectors);
        return vectors;
    }

    private static float[] RoundTrip(ProductQuantizer quantizer, Matrix vectors) => Decode(quantizer, Encode(quantizer, vectors));

    private static double Error(ProductQuantizer quantizer, Matrix vectors)
    {
        float[] back = RoundTrip(quantizer, vectors);
        double sum = 0;
        for (int i = 0; i < back.Length; i++)
            sum += Math.Pow(back[i] - vectors.Span[i], 2);
        return sum / vectors.Rows;
    }

    private static ushort[] Numbers(ProductQuantizer quantizer, byte[] codes)
    {
        int count = codes.Length / quantizer.CodeSize;
        var numbers = new ushort[count * quantizer.Subquantizers];
        for (int i = 0; i < count; i++)
            CodePacking.Unpack(codes.AsSpan(i * quantizer.CodeSize, quantizer.CodeSize), quantizer.Bits, numbers.AsSpan(i * quantizer.Subquantizers, quantizer.Subquantizers));
        return numbers;
    }
}

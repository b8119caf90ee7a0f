using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Quantization;

public sealed class ScalarQuantizerTests
{
    public static TheoryData<ScalarCode> Codes => [.. Enum.GetValues<ScalarCode>()];

    [Fact]
    public void Bytes_decode_to_within_half_a_step_of_each_dimension()
    {
        const int Dimension = 37;
        float[] values = TestVectors.Normals(500 * Dimension, 1);
        for (int i = 0; i < values.Length; i++)
            values[i] = values[i] * (1 + i % Dimension) + 10 * (i % Dimension);
        var vectors = new Matrix(values, Dimension);
        var quantizer = new ScalarQuantizer(Dimension);
        quantizer.Train(vectors);

        float[] decoded = RoundTrip(quantizer, vectors);

        Assert.Equal(Dimension, quantizer.CodeSize);
        ReadOnlySpan<float> steps = quantizer.Grids[1];
        for (int i = 0; i < decoded.Length; i++)
            Assert.Equal(values[i], decoded[i], steps[i % Dimension] * 0.5001 + 1e-6 * Math.Abs(values[i]));
        for (int j = 0; j < Dimension; j++)
        {
            float[] column = [.. Enumerable.Range(0, 500).Select(row => values[row * Dimension + j])];
            Assert.Equal(column.Min(), quantizer.Grids[0][j]);
            Assert.Equal((column.Max() - column.Min()) / 255, steps[j], 1e-5 * steps[j]);
        }
    }

    [Theory]
    [InlineData(ScalarCode.Half, 2048.0)]
    [InlineData(ScalarCode.BFloat, 256.0)]
    public void Floats_of_16_bits_need_no_training_and_decode_to_within_their_rounding(ScalarCode code, double precision)
    {
        Matrix vectors = TestVectors.Normal(100, 33, 1);
        var quantizer = new ScalarQuantizer(33, code);

        float[] decoded = RoundTrip(quantizer, vectors);

        Assert.Equal(66, quantizer.CodeSize);
        Assert.Equal(0, quantizer.Grids.Rows);
        for (int i = 0; i < decoded.Length; i++)
            Assert.Equal(vectors.Span[i], decoded[i], Math.Max(Math.Abs(vectors.Span[i]), 1e-4) / precision);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Distances_are_those_to_the_decoded_vectors_by_every_metric(ScalarCode code)
    {
        const int Dimension = 45;
        Matrix vectors = TestVectors.Normal(203, Dimension, 1), queries = TestVectors.Normal(5, Dimension, 2);
        ScalarQuantizer quantizer = Trained(code, vectors);
        var codes = new byte[vectors.Rows * quantizer.CodeSize];
        quantizer.Encode(vectors, codes);
        var decoded = new Matrix(RoundTrip(quantizer, vectors), Dimension);
        var query = new ScalarQuery(Dimension);
        int[] rows = [200, 0, 5, 5, 77, 101];
        float[] all = new float[vectors.Rows], some = new float[rows.Length];

        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            for (int q = 0; q < queries.Rows; q++)
            {
                quantizer.Prepare(queries[q], metric, query);
                quantizer.Distances(query, codes, default, all);
                quantizer.Distances(query, codes, rows, some);

                for (int i = 0; i < all.Length; i++)
                    Assert.Equal(Exact(metric, queries[q], decoded[i]), all[i], 1e-3);
                Assert.Equal(rows.Select(row => all[row]), some);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void One_vector_and_many_have_the_same_codes_whatever_the_number_of_threads(ScalarCode code)
    {
        Matrix vectors = TestVectors.Normal(1000, 20, 1);
        ScalarQuantizer one = Trained(code, vectors, threads: 1), many = Trained(code, vectors, threads: 3);
        byte[] expected = new byte[1000 * one.CodeSize], codes = new byte[expected.Length], single = new byte[one.CodeSize];
        one.Encode(vectors, expected, threads: 1);
        many.Encode(vectors, codes, threads: 3);

        Assert.Equal(expected, codes);
        for (int i = 0; i < vectors.Rows; i += 97)
        {
            one.Encode(vectors[i], single);
            Assert.Equal(expected[(i * one.CodeSize)..((i + 1) * one.CodeSize)], single);
        }
    }

    [Fact]
    public void What_lies_beyond_the_trained_range_becomes_its_end_and_a_dimension_of_one_value_keeps_it()
    {
        var quantizer = new ScalarQuantizer(2);
        quantizer.Train(new Matrix(new float[] { -1, 7, 1, 7 }, 2));

        Assert.Equal([1, 7, -1, 7], RoundTrip(quantizer, new Matrix(new float[] { 5, 9, -3, 1e15f }, 2)));
    }

    [Fact]
    public void Comparing_with_a_prepared_query_allocates_nothing()
    {
        Matrix vectors = TestVectors.Normal(64, 24, 1);
        foreach (ScalarCode code in Enum.GetValues<ScalarCode>())
        {
            ScalarQuantizer quantizer = Trained(code, vectors);
            var codes = new byte[64 * quantizer.CodeSize];
            quantizer.Encode(vectors, codes);
            var query = new ScalarQuery(24);
            float[] results = new float[64];
            int[] rows = [1, 5, 9];
            Search();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                Search();
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

            void Search()
            {
                quantizer.Encode(vectors[2], codes.AsSpan(0, quantizer.CodeSize));
                quantizer.Prepare(vectors[3], Metric.InnerProduct, query);
                quantizer.Distances(query, codes, default, results);
                quantizer.Distances(query, codes, rows, results.AsSpan(0, 3));
            }
        }
    }

    [Fact]
    public void Numbers_that_a_code_cannot_hold_are_refused_by_their_place()
    {
        var half = new ScalarQuantizer(3, ScalarCode.Half);
        var error = Assert.Throws<ArgumentException>(() => half.Encode(new Matrix(new float[] { 0, 0, 0, 0, 65520, 0 }, 3), new byte[12]));
        Assert.Contains("Row 1, column 1 is 65520", error.Message, StringComparison.Ordinal);
        Assert.Contains("BFloat", error.Message, StringComparison.Ordinal);

        var wide = new ScalarQuantizer(1, ScalarCode.BFloat);
        Assert.Throws<ArgumentException>(() => wide.Encode([float.NaN], new byte[2]));
        Assert.Throws<ArgumentException>(() => wide.Encode([float.MaxValue], new byte[2]));
        Assert.Throws<ArgumentException>(() => new ScalarQuantizer(1).Train(new Matrix(new float[] { float.PositiveInfinity }, 1)));
    }

    [Fact]
    public void Wrong_uses_are_refused()
    {
        var quantizer = new ScalarQuantizer(3);
        Assert.Throws<InvalidOperationException>(() => quantizer.Encode(new float[3], new byte[3]));
        Assert.Throws<InvalidOperationException>(() => quantizer.Grids);
        Assert.Throws<ArgumentException>(() => quantizer.Train(new Matrix(new float[4], 2)));
        Assert.Throws<ArgumentException>(() => quantizer.Train(new Matrix(ReadOnlyMemory<float>.Empty, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScalarQuantizer(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScalarQuantizer(3, (ScalarCode)9));

        quantizer.Train(new Matrix(new float[6], 3));
        Assert.Throws<ArgumentException>(() => quantizer.Encode(new float[2], new byte[3]));
        Assert.Throws<ArgumentException>(() => quantizer.Encode(new float[3], new byte[4]));
        Assert.Throws<ArgumentException>(() => quantizer.Decode(new byte[4], new float[3]));
    }

    private static ScalarQuantizer Trained(ScalarCode code, Matrix vectors, int threads = 0)
    {
        var quantizer = new ScalarQuantizer(vectors.Dimension, code);
        quantizer.Train(vectors, new BuildOptions { Threads = threads });
        return quantizer;
    }

    private static float[] RoundTrip(ScalarQuantizer quantizer, Matrix vectors)
    {
        var codes = new byte[vectors.Rows * quantizer.CodeSize];
        quantizer.Encode(vectors, codes);
        var decoded = new float[vectors.Rows * vectors.Dimension];
        quantizer.Decode(codes, decoded);
        return decoded;
    }

    private static double Exact(Metric metric, ReadOnlySpan<float> query, ReadOnlySpan<float> vector) => metric switch
    {
        Metric.L2 => Scalar.SquaredL2(query, vector),
        Metric.InnerProduct => -Scalar.Dot(query, vector),
        _ => 1 - Scalar.Dot(query, vector),
    };
}

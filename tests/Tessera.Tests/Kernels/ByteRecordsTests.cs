using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed unsafe class ByteRecordsTests
{
    /// <summary>Around every multiple of the registers and of the cache line that a record and its last 16 bytes fill.</summary>
    private static readonly int[] Dimensions = [.. Enumerable.Range(1, 130), 784, 1000];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whole_numbers_on_a_grid_of_step_one_are_scored_exactly(bool withNorm)
    {
        // Larger numbers than these would not be exact in float.
        foreach (int dimension in Dimensions.Where(dimension => dimension is > 1 and <= 130))
        {
            var records = new ByteRecords(dimension, withNorm);
            float[][] vectors = [.. Enumerable.Range(0, 5).Select(i => Grid(dimension, (ulong)(i + dimension), low: 40 * i - 128))];
            Memory<byte> codes = Encoded(records, vectors);
            using var query = new ByteQuery(records);
            foreach (float[] vector in vectors)
            {
                records.Prepare(vector, query);
                for (int i = 0; i < vectors.Length; i++)
                    Assert.Equal(Exact(vector, vectors[i], withNorm), records.Whole(query, codes.Span, i));
            }
        }
    }

    [Fact]
    public void A_record_as_query_scores_as_its_vector_does()
    {
        foreach (int dimension in Dimensions)
        {
            var records = new ByteRecords(dimension, withNorm: true);
            float[][] vectors = [.. Enumerable.Range(0, 4).Select(i => TestVectors.Normals(dimension, (ulong)(i + dimension)))];
            Memory<byte> codes = Encoded(records, vectors);
            using ByteQuery fromVector = new(records), fromRecord = new(records);

            records.Prepare(vectors[1], fromVector);
            records.Prepare(codes.Span.Slice(records.Size, records.Size), fromRecord);

            Assert.Equal(fromVector.Codes.ToArray(), fromRecord.Codes.ToArray());
            for (int i = 0; i < vectors.Length; i++)
                Assert.Equal(records.Whole(fromVector, codes.Span, i), records.Whole(fromRecord, codes.Span, i), 1e-4 * dimension);
        }
    }

    [Fact]
    public void Four_records_together_score_as_each_does_alone()
    {
        foreach (int dimension in Dimensions)
        {
            var records = new ByteRecords(dimension, withNorm: true);
            float[][] vectors = [.. Enumerable.Range(0, 5).Select(i => TestVectors.Normals(dimension, (ulong)(i + dimension)))];
            Memory<byte> codes = Encoded(records, vectors);
            using var query = new ByteQuery(records);
            records.Prepare(vectors[4], query);
            var scores = new float[4];

            fixed (byte* start = codes.Span)
            fixed (float* target = scores)
            {
                int size = records.Size;
                records.Scores(query, start, start + size, start + 2 * size, start + 3 * size, target);
                for (int i = 0; i < 4; i++)
                {
                    Assert.Equal(records.Score(query, start + i * size), scores[i]);
                    Assert.Equal(records.Whole(query, codes.Span, i), scores[i] + query.Norm);
                }
            }
        }
    }

    [Theory]
    [InlineData(1f, 0f)]
    [InlineData(1e-3f, 5f)]
    [InlineData(1e4f, 0f)]
    [InlineData(0f, 3f)]
    public void Distances_are_off_by_no_more_than_half_a_step_in_each_number(float spread, float shift)
    {
        const int Dimension = 100;
        var records = new ByteRecords(Dimension, withNorm: true);
        float[][] vectors = [.. Enumerable.Range(0, 20).Select(i => Array.ConvertAll(TestVectors.Normals(Dimension, (ulong)i), x => spread * x + shift))];
        Memory<byte> codes = Encoded(records, vectors);
        using var query = new ByteQuery(records);
        records.Prepare(vectors[0], query);

        for (int i = 0; i < vectors.Length; i++)
        {
            // 2 |q.x - q'.x'| <= 2 sum(|q| e + |x| e + e^2), with e half a step of either grid, and what float32 rounds.
            double step = Math.Max(Step(vectors[0]), Step(vectors[i])) / 2 * 1.001;
            double sizes = vectors[0].Sum(x => Math.Abs((double)x)) + vectors[i].Sum(x => Math.Abs((double)x));
            double squares = vectors[0].Sum(x => (double)x * x) + vectors[i].Sum(x => (double)x * x);
            double room = 2 * (step * sizes + Dimension * step * step) + 1e-5 * squares;
            Assert.Equal(Scalar.SquaredL2(vectors[0], vectors[i]), records.Whole(query, codes.Span, i), room);
        }
    }

    [Fact]
    public void Any_nearer_tells_whether_one_of_the_records_is()
    {
        const int Dimension = 40;
        var records = new ByteRecords(Dimension, withNorm: true);
        float[][] vectors = [.. Enumerable.Range(0, 6).Select(i => Grid(Dimension, (ulong)i))];
        Memory<byte> codes = Encoded(records, vectors);
        using var query = new ByteQuery(records);
        records.Prepare(vectors[0], query);
        float[] distances = [.. vectors.Select(vector => Exact(vectors[0], vector, withNorm: true))];
        int[] others = [1, 2, 4, 5];
        float nearest = others.Min(i => distances[i]);

        Assert.True(records.AnyNearer(query, codes.Span, others, nearest + 1));
        Assert.False(records.AnyNearer(query, codes.Span, others, nearest));
        Assert.False(records.AnyNearer(query, codes.Span, [], float.PositiveInfinity));
    }

    [Fact]
    public void Records_are_whole_cache_lines_with_room_for_their_last_sixteen_bytes()
    {
        Assert.All(Dimensions, dimension =>
        {
            int size = new ByteRecords(dimension, withNorm: true).Size;
            Assert.Equal(0, size % 64);
            Assert.InRange(size, dimension + 16, dimension + 16 + 63);
        });
    }

    /// <summary>Whole numbers from <paramref name="low"/> to 255 more, with both ends among them.</summary>
    private static float[] Grid(int dimension, ulong seed, int low = -128)
    {
        var random = new SeededRandom(seed);
        float[] vector = new float[dimension];
        for (int j = 0; j < dimension; j++)
            vector[j] = low + random.Next(256);
        int lowest = random.Next(dimension);
        vector[lowest] = low;
        vector[(lowest + 1 + random.Next(dimension - 1)) % dimension] = low + 255;
        return vector;
    }

    private static float Exact(float[] query, float[] vector, bool withNorm) =>
        withNorm ? Scalar.SquaredL2(query, vector) : -2 * Scalar.Dot(query, vector);

    private static double Step(float[] vector) => ((double)vector.Max() - vector.Min()) / 255;

    private static Memory<byte> Encoded(ByteRecords records, float[][] vectors)
    {
        Memory<byte> codes = AlignedMemory.Allocate<byte>(vectors.Length * records.Size);
        codes.Span.Fill(0xEE);
        for (int i = 0; i < vectors.Length; i++)
            records.Encode(vectors[i], codes.Span.Slice(i * records.Size, records.Size));
        return codes;
    }
}

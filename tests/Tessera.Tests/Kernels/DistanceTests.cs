using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class DistanceTests
{
    /// <summary>Past four of the widest registers, so that every residue meets the unrolled loop, the single registers and the tail.</summary>
    private const int Longest = 150;

    [Fact]
    public void Products_and_distances_of_every_length_equal_the_oracle()
    {
        for (int length = 0; length <= Longest; length++)
        {
            float[] a = TestVectors.Integers(length, (ulong)length), b = TestVectors.Integers(length, (ulong)length + 1000);

            Assert.Equal(Scalar.Dot(a, b), Distance.Dot(a, b));
            Assert.Equal(Scalar.SquaredL2(a, b), Distance.SquaredL2(a, b));
        }
    }

    [Fact]
    public void Numbers_beyond_the_ends_do_not_count()
    {
        for (int length = 0; length <= Longest; length++)
        {
            float[] around = [float.NaN, .. TestVectors.Integers(length, (ulong)length), .. Enumerable.Repeat(float.NaN, 40)];
            ReadOnlySpan<float> a = around.AsSpan(1, length);

            Assert.Equal(Scalar.Dot(a, a), Distance.Dot(a, a));
            Assert.Equal(0, Distance.SquaredL2(a, a));
        }
    }

    [Fact]
    public void Rounding_stays_within_the_bound_of_a_sum()
    {
        foreach (int length in (int[])[1, 7, 64, 100, 784, 4099])
        {
            float[] a = TestVectors.Normals(length, (ulong)length), b = TestVectors.Normals(length, (ulong)length + 1000);
            // n roundings of at most 2^-24 of what was summed (Higham); the differences of L2 add one each.
            double products = 0, squares = 0;
            for (int i = 0; i < length; i++)
            {
                products += Math.Abs((double)a[i] * b[i]);
                squares += Math.Pow((double)a[i] - b[i], 2);
            }

            double unit = (length + 3) * Math.Pow(2, -24);
            Assert.Equal(Scalar.Dot(a, b), Distance.Dot(a, b), unit * products);
            Assert.Equal(Scalar.SquaredL2(a, b), Distance.SquaredL2(a, b), unit * squares);
        }
    }

    [Fact]
    public void One_query_against_many_rows_equals_the_oracle_row_by_row()
    {
        foreach (int length in (int[])[0, 1, 3, 4, 8, 15, 16, 17, 31, 33, 64, 100])
        {
            for (int count = 0; count <= 9; count++)
            {
                float[] query = TestVectors.Integers(length, 5), rows = TestVectors.Integers(length * count, 6);
                float[] dots = Framed(count), distances = Framed(count), norms = Framed(count);

                Distance.Dots(query, rows, dots.AsSpan(1, count));
                Distance.SquaredL2s(query, rows, distances.AsSpan(1, count));
                Distance.SquaredNorms(rows, length, norms.AsSpan(1, count));

                for (int row = 0; row < count; row++)
                {
                    ReadOnlySpan<float> vector = rows.AsSpan(row * length, length);
                    Assert.Equal(Scalar.Dot(query, vector), dots[1 + row]);
                    Assert.Equal(Scalar.SquaredL2(query, vector), distances[1 + row]);
                    Assert.Equal(Scalar.Dot(vector, vector), norms[1 + row]);
                }

                Assert.All((float[])[dots[0], dots[^1], distances[0], distances[^1], norms[0], norms[^1]], edge => Assert.Equal(Frame, edge));
            }
        }
    }

    [Fact]
    public void A_row_gives_the_same_bits_whatever_rows_stand_around_it()
    {
        // Four rows at a time take one path, what is left another.
        float[] query = TestVectors.Normals(101, 1), rows = TestVectors.Normals(11 * 101, 2);
        float[] dots = new float[11], distances = new float[11], part = new float[11];
        Distance.Dots(query, rows, dots);
        Distance.SquaredL2s(query, rows, distances);

        for (int first = 0; first < 11; first++)
        {
            for (int count = 1; count <= 11 - first; count++)
            {
                Distance.Dots(query, rows.AsSpan(first * 101), part.AsSpan(0, count));
                Assert.Equal(dots[first..(first + count)], part[..count]);
                Distance.SquaredL2s(query, rows.AsSpan(first * 101), part.AsSpan(0, count));
                Assert.Equal(distances[first..(first + count)], part[..count]);
            }
        }
    }

    [Fact]
    public void Vectors_of_different_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Distance.Dot(new float[3], new float[4]));
        Assert.Throws<ArgumentException>(() => Distance.SquaredL2(new float[4], new float[3]));
        Assert.Throws<ArgumentException>(() => Distance.Dots(new float[3], new float[5], new float[2]));
        Assert.Throws<ArgumentException>(() => Distance.SquaredL2s(new float[3], new float[5], new float[2]));
        Assert.Throws<ArgumentException>(() => Distance.SquaredNorms(new float[5], 3, new float[2]));
    }

    private const float Frame = -12345;

    /// <summary>Room for results between two numbers that must stay as they are.</summary>
    private static float[] Framed(int count)
    {
        var room = new float[count + 2];
        (room[0], room[^1]) = (Frame, Frame);
        return room;
    }
}

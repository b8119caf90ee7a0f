using System.Runtime.InteropServices;
using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class CodeDistanceTests
{
    private const float Frame = -12345;

    private static readonly int[] Lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 150];

    [Fact]
    public void Bytes_on_a_grid_equal_the_oracle_row_by_row() =>
        Check<ByteCodes>((length, rows) => [.. Enumerable.Range(0, length * rows).Select(i => (byte)(i * 31 % 17))], (code, steps, i) => code[i] * steps[i]);

    [Fact]
    public void Halves_equal_the_oracle_row_by_row() =>
        Check<HalfCodes>(
            (length, rows) => MemoryMarshal.AsBytes<Half>(Array.ConvertAll(TestVectors.Integers(length * rows, 4), x => (Half)x)).ToArray(),
            (code, _, i) => (float)MemoryMarshal.Cast<byte, Half>(code)[i]);

    [Fact]
    public void Bfloats_equal_the_oracle_row_by_row() =>
        Check<BFloatCodes>(
            (length, rows) => MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(TestVectors.Integers(length * rows, 4), x => (ushort)(BitConverter.SingleToUInt32Bits(x) >> 16))).ToArray(),
            (code, _, i) => BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Cast<byte, ushort>(code)[i] << 16));

    [Fact]
    public void A_row_gives_the_same_bits_whatever_rows_stand_around_it()
    {
        const int Length = 37, Rows = 11;
        float[] query = TestVectors.Normals(Length, 1), steps = TestVectors.Normals(Length, 2), all = new float[Rows];
        byte[] codes = [.. Enumerable.Range(0, Length * Rows).Select(i => (byte)(i * 89))];
        CodeDistance.SquaredL2s<ByteCodes>(query, steps, codes, default, all);
        int[] chosen = [10, 3, 3, 0, 7, 9, 1];
        float[] some = new float[chosen.Length], one = new float[1];

        CodeDistance.SquaredL2s<ByteCodes>(query, steps, codes, chosen, some);
        Assert.Equal(chosen.Select(row => all[row]), some);
        for (int row = 0; row < Rows; row++)
        {
            CodeDistance.SquaredL2s<ByteCodes>(query, steps, codes, [row], one);
            Assert.Equal(all[row], one[0]);
        }
    }

    [Fact]
    public void Rows_that_are_not_there_are_refused()
    {
        Assert.Throws<ArgumentException>(() => CodeDistance.Dots<ByteCodes>(new float[3], new byte[5], default, new float[2]));
        Assert.Throws<ArgumentException>(() => CodeDistance.Dots<HalfCodes>(new float[3], new byte[11], default, new float[2]));
        Assert.Throws<ArgumentException>(() => CodeDistance.Dots<ByteCodes>(new float[3], new byte[6], [0], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CodeDistance.Dots<ByteCodes>(new float[3], new byte[6], [0, 2], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CodeDistance.Dots<ByteCodes>(new float[3], new byte[6], [-1, 0], new float[2]));
        Assert.Throws<ArgumentException>(() => CodeDistance.SquaredL2s<ByteCodes>(new float[3], new float[2], new byte[6], default, new float[2]));
    }

    private delegate float Decode(ReadOnlySpan<byte> code, float[] steps, int i);

    /// <summary>Whole numbers, so that every sum is exact and must be the oracle's to the bit.</summary>
    private static void Check<TFormat>(Func<int, int, byte[]> make, Decode decode)
        where TFormat : struct, ICodeFormat
    {
        foreach (int length in Lengths)
        {
            for (int count = 0; count <= 9; count++)
            {
                float[] query = TestVectors.Integers(length, 1), steps = TestVectors.Integers(length, 2), ones = Enumerable.Repeat(1f, length).ToArray();
                byte[] codes = make(length, count);
                float[] dots = new float[count + 2], distances = new float[count + 2];
                (dots[0], dots[^1], distances[0], distances[^1]) = (Frame, Frame, Frame, Frame);

                CodeDistance.Dots<TFormat>(query, codes, default, dots.AsSpan(1, count));
                CodeDistance.SquaredL2s<TFormat>(query, steps, codes, default, distances.AsSpan(1, count));

                int size = length * TFormat.Size;
                for (int row = 0; row < count; row++)
                {
                    byte[] code = codes.AsSpan(row * size, size).ToArray();
                    float[] plain = [.. Enumerable.Range(0, length).Select(i => decode(code, ones, i))], scaled = [.. Enumerable.Range(0, length).Select(i => decode(code, steps, i))];
                    Assert.Equal(Scalar.Dot(query, plain), dots[1 + row]);
                    float[] other = TFormat.OnGrid ? Array.ConvertAll(scaled, x => -x) : plain;
                    Assert.Equal(Scalar.SquaredL2(query, other), distances[1 + row]);
                }

                Assert.All((float[])[dots[0], dots[^1], distances[0], distances[^1]], edge => Assert.Equal(Frame, edge));
            }
        }
    }
}

using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class AccumulateTests
{
    [Fact]
    public void Rows_of_every_length_are_added_and_subtracted_number_by_number()
    {
        for (int length = 0; length <= 70; length++)
        {
            float[] first = TestVectors.Normals(length, (ulong)length), second = TestVectors.Normals(length, (ulong)length + 500);
            var sums = new double[length];

            Accumulate.Add(sums, first);
            Accumulate.Add(sums, second);
            Accumulate.Subtract(sums, first);

            for (int i = 0; i < length; i++)
                Assert.Equal((double)first[i] + second[i] - first[i], sums[i]);
        }
    }

    [Fact]
    public void Whole_numbers_that_come_and_go_leave_no_drift()
    {
        var sums = new double[37];
        float[] large = TestVectors.Normals(37, 1).Select(x => MathF.Round(x * 1e6f)).ToArray();
        for (int i = 0; i < 1000; i++)
            Accumulate.Add(sums, large);
        for (int i = 0; i < 1000; i++)
            Accumulate.Subtract(sums, large);

        Assert.All(sums, sum => Assert.Equal(0, sum));
    }

    [Fact]
    public void Scaled_rows_of_every_length_are_added()
    {
        for (int length = 0; length <= 70; length++)
        {
            float[] target = TestVectors.Integers(length, (ulong)length), row = TestVectors.Integers(length, (ulong)length + 500);
            float[] expected = target.Zip(row, (t, r) => t + -3 * r).ToArray();

            Accumulate.AddScaled(target, -3, row);

            Assert.Equal(expected, target);
        }
    }

    [Fact]
    public void Sums_and_rows_of_different_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Accumulate.Add(new double[3], new float[4]));
        Assert.Throws<ArgumentException>(() => Accumulate.Subtract(new double[4], new float[3]));
        Assert.Throws<ArgumentException>(() => Accumulate.AddScaled(new float[4], 1, new float[3]));
    }
}

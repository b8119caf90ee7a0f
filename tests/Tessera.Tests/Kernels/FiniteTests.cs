using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class FiniteTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_bad_number_is_found_wherever_it_stands(float bad)
    {
        foreach (int length in (int[])[1, 2, 3, 4, 5, 8, 15, 16, 17, 33, 1000])
        {
            float[] values = TestVectors.Normals(length, (ulong)length);
            foreach (int at in Enumerable.Range(0, length).Where(i => i < 40 || i > length - 40))
            {
                float good = values[at];
                values[at] = bad;
                Assert.Equal(at, Finite.FirstBad(values));
                values[at] = good;
            }
        }
    }

    [Fact]
    public void The_first_of_several_bad_numbers_is_named()
    {
        var values = new float[10_000];
        values[9_999] = float.NaN;
        values[5_000] = float.PositiveInfinity;
        values[5_001] = float.NegativeInfinity;

        Assert.Equal(5_000, Finite.FirstBad(values));
    }

    [Fact]
    public void Extreme_but_finite_numbers_pass()
    {
        float[] extremes = [float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon, 0f, -0f];
        float[] values = [.. Enumerable.Repeat(extremes, 1000).SelectMany(x => x)];

        Assert.Equal(-1, Finite.FirstBad(values));
        Assert.Equal(-1, Finite.FirstBad([]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1000.001f)]
    [InlineData(-1e9f)]
    public void A_number_beyond_a_limit_is_found_and_the_limit_itself_passes(float beyond)
    {
        for (int length = 1; length <= 40; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(i => i % 2 == 0 ? 1000f : -1000f)];
            Assert.Equal(-1, Finite.FirstBeyond(values, 1000));

            int at = length * 2 / 3;
            values[at] = beyond;
            Assert.Equal(at, Finite.FirstBeyond(values, 1000));
        }
    }
}

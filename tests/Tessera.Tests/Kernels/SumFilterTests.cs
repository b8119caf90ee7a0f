using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed unsafe class SumFilterTests
{
    [Fact]
    public void Exactly_the_codes_below_the_limit_are_listed_with_their_distances()
    {
        var random = new SeededRandom(1);
        for (int count = 0; count <= CodeScan.Group; count++)
        {
            // Whole numbers, so that no order of adding rounds.
            float[] terms = TestVectors.Integers(Padded(count), (ulong)count);
            var sums = new ushort[Padded(count)];
            for (int i = 0; i < sums.Length; i++)
                sums[i] = (ushort)random.Next(count % 2 == 0 ? 30 : 65536);
            float[] all = [.. Enumerable.Range(0, count).Select(i => 5 + terms[i] + 2 * sums[i])];
            foreach (float limit in (float[])[float.PositiveInfinity, float.NegativeInfinity, 35, 70_000, all.Order().ElementAtOrDefault(count / 2)])
            {
                (int Position, float Distance)[] expected = [.. all.Index().Where(pair => pair.Item < limit)];
                Assert.Equal(expected, Below(sums, terms, count, 5, 2, limit));
            }
        }
    }

    [Fact]
    public void What_lies_behind_the_last_code_is_never_listed()
    {
        for (int count = 1; count <= 64; count++)
        {
            float[] terms = [.. Enumerable.Repeat(10f, count), .. Enumerable.Repeat(-100f, Padded(count) - count)];
            Assert.Empty(Below(new ushort[Padded(count)], terms, count, 0, 1, 10));
        }
    }

    [Fact]
    public void Distances_that_are_no_numbers_are_never_listed()
    {
        float[] terms = [.. Enumerable.Range(0, 32).Select(i => i % 2 == 0 ? float.NaN : 1)];

        Assert.Equal(Enumerable.Range(0, 16).Select(i => 2 * i + 1), Below(new ushort[32], terms, 32, 0, 1, float.PositiveInfinity).Select(pair => pair.Position));
    }

    /// <summary>Sums and terms are read in registers of 16.</summary>
    private static int Padded(int count) => (count + 15) / 16 * 16;

    private static (int Position, float Distance)[] Below(ushort[] sums, float[] terms, int count, float offset, float scale, float limit)
    {
        var positions = new int[count + 1];
        var distances = new float[count + 1];
        int found;
        fixed (ushort* sum = sums)
        fixed (float* term = terms, distance = distances)
        fixed (int* position = positions)
            found = SumFilter.Below(sum, term, count, offset, scale, limit, position, distance);
        return [.. Enumerable.Range(0, found).Select(i => (positions[i], distances[i]))];
    }
}

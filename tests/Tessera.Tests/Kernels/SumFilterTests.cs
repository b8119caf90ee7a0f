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
        for (int count = 0; count <= 100; count++)
        {
            // Whole numbers, so that fused and plain multiply-adds agree; what lies behind the end is below every limit.
            int room = (count + 15) / 16 * 16;
            float[] terms = new float[room];
            var sums = new ushort[room];
            Array.Fill(terms, -1e9f);
            TestVectors.Integers(count, (ulong)count).CopyTo(terms, 0);
            for (int i = 0; i < count; i++)
                sums[i] = (ushort)random.Next(i % 9 == 0 ? 65_536 : 8);
            foreach (float limit in (float[])[float.PositiveInfinity, 20, 3, -1e8f, float.NegativeInfinity])
            {
                var expected = new List<(int, float)>();
                for (int i = 0; i < count; i++)
                {
                    float distance = 5 + terms[i] + 2 * sums[i];
                    if (distance < limit)
                        expected.Add((i, distance));
                }

                Assert.Equal(expected, Below(sums, terms, count, 5, 2, limit));
            }
        }
    }

    private static List<(int Position, float Distance)> Below(ushort[] sums, float[] terms, int count, float offset, float scale, float limit)
    {
        int[] positions = [.. Enumerable.Repeat(-7, count + 1)];
        var distances = new float[count + 1];
        int found;
        fixed (ushort* sum = sums)
        fixed (float* term = terms, distance = distances)
        fixed (int* position = positions)
            found = SumFilter.Below(sum, term, count, offset, scale, limit, position, distance);
        Assert.Equal(-7, positions[count]);
        return [.. positions.Take(found).Zip(distances)];
    }
}

using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed unsafe class TableMergeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_entry_of_a_byte_is_the_sum_of_the_entries_of_its_numbers(int bits)
    {
        // Whole numbers, so that no order of adding rounds; and room around the target, which must stay as it is.
        float[] tables = TestVectors.Integers(8 / bits << bits, (ulong)bits);
        float[] merged = [.. Enumerable.Repeat(999f, 256 + 32)];
        fixed (float* table = tables, target = merged)
            TableMerge.Run(table, bits, target + 16);

        for (int code = 0; code < 256; code++)
        {
            float expected = Enumerable.Range(0, 8 / bits).Sum(m => tables[(m << bits) + (code >> (m * bits) & ((1 << bits) - 1))]);
            Assert.Equal(expected, merged[16 + code]);
        }

        Assert.All(merged[..16].Concat(merged[^16..]), value => Assert.Equal(999f, value));
    }
}

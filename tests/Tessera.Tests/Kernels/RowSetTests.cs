using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class RowSetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(300)]
    public void Members_counts_ranks_and_masks_agree_with_the_bits(int rows)
    {
        var random = new SeededRandom((ulong)rows, 3);
        bool[] belongs = [.. Enumerable.Range(0, rows).Select(_ => random.Next(3) == 0)];
        var words = new ulong[RowSet.WordsFor(rows)];
        // Bits behind the last row do not count.
        if (rows % 64 != 0)
            words[^1] = ulong.MaxValue << rows % 64;
        for (int row = 0; row < rows; row++)
            words[row / 64] |= belongs[row] ? 1UL << row % 64 : 0;

        var set = new RowSet(words, rows);
        int[] members = [.. Enumerable.Range(0, rows).Where(row => belongs[row])];
        Assert.Equal(members, set.Members.ToArray());
        Assert.Equal(members.Length, set.Count);
        Assert.Equal(rows == 0 ? 0 : members.Length / (double)rows, set.Share);
        Assert.All(Enumerable.Range(0, rows), row => Assert.Equal(belongs[row], set.Contains(row)));
        Assert.False(set.Contains(rows) || set.Contains(-1) || set.Contains(int.MaxValue));
        Assert.Equal(Enumerable.Range(0, rows).Select(row => belongs[row] ? Array.IndexOf(members, row) : -1), set.Ranks());

        for (int first = 0; first < rows; first += 1 + rows / 20)
        {
            for (int count = 0; count <= rows - first; count += 1 + rows / 20)
            {
                float[] numbers = [.. Enumerable.Range(first, count).Select(row => (float)row)];
                set.Mask(first, numbers, float.NaN);
                Assert.Equal(Enumerable.Range(first, count).Select(row => belongs[row] ? row : float.NaN), numbers);
            }
        }

        int[] some = [.. Enumerable.Range(0, rows).Reverse().Where(row => row % 2 == 0)];
        float[] ofSome = [.. some.Select(row => (float)row)];
        set.Mask(some, ofSome, float.PositiveInfinity);
        Assert.Equal(some.Select(row => belongs[row] ? row : float.PositiveInfinity), ofSome);
    }

    [Fact]
    public void Too_few_words_stand_for_rows_that_do_not_belong()
    {
        var set = new RowSet([ulong.MaxValue], 200);
        Assert.Equal(64, set.Count);
        Assert.Equal(4, set.Words.Length);
        Assert.False(set.Contains(64));
    }
}

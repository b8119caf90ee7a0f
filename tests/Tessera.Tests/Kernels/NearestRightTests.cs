using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class NearestRightTests
{
    public static TheoryData<int, int, int, int> Shapes()
    {
        var shapes = new TheoryData<int, int, int, int> { { 1, 1, 1, 1 }, { 1, 200, 4, 10 }, { 12, 32, 3, 1 }, { 13, 33, 5, 40 }, { 70, 20, 4, 5 } };
        var random = new SeededRandom(14);
        for (int i = 0; i < 8; i++)
            shapes.Add(1 + random.Next(40), 1 + random.Next(300), 1 + random.Next(20), 1 + random.Next(30));
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Each_query_gets_its_nearest_rows_from_blocks_that_pass(int queryCount, int rowCount, int depth, int k)
    {
        const int FirstOrdinal = 1000;
        float[] queries = TestVectors.Integers(queryCount * depth, 1), rows = TestVectors.Integers(rowCount * depth, 2), offsets = TestVectors.Integers(rowCount, 3);
        foreach (float factor in (float[])[-2, -1])
        {
            Candidate[][] found = Search(queries, queryCount, rows, rowCount, offsets, depth, k, factor, FirstOrdinal);

            for (int query = 0; query < queryCount; query++)
            {
                Candidate[] expected = [.. Enumerable.Range(0, rowCount)
                    .Select(row => new Candidate(
                        offsets[row] + factor * Scalar.Dot(queries.AsSpan(query * depth, depth), rows.AsSpan(row * depth, depth)), FirstOrdinal + row))
                    .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Ordinal).Take(k)];
                Assert.Equal(expected, found[query]);
            }
        }
    }

    [Fact]
    public void Rows_that_pad_the_last_panel_are_never_found()
    {
        // The padding's products and offsets are 0, nearer than every row that there is.
        Candidate[][] found = Search([1, 1], 1, [.. Enumerable.Repeat(-5f, 66)], 33, new float[33], 2, 40, -2, 0);

        Assert.Equal(Enumerable.Range(0, 33), found[0].Select(candidate => candidate.Ordinal));
    }

    [Fact]
    public void Room_that_does_not_cover_the_operands_is_refused()
    {
        using Panels left = Panels.Left(new float[6], 2, 3), right = Panels.Right(new float[99], 33, 3);
        float[] offsets = new float[64], thresholds = new float[2];
        var heaps = new Candidate[10];
        var counts = new int[2];
        int[] owners = [0, 1];

        Assert.Throws<ArgumentException>(() => NearestRight.Push(left, right, offsets.AsSpan(1), -2, 0, 5, heaps, counts, thresholds, owners));
        Assert.Throws<ArgumentException>(() => NearestRight.Push(left, right, offsets, -2, 0, 6, heaps, counts, thresholds, owners));
        Assert.Throws<ArgumentException>(() => NearestRight.Push(left, right, offsets, -2, 0, 5, heaps, counts.AsSpan(1), thresholds, owners));
        Assert.Throws<ArgumentException>(() => NearestRight.Push(left, right, offsets, -2, 0, 5, heaps, counts, thresholds.AsSpan(1), owners));
        Assert.Throws<ArgumentException>(() => NearestRight.Push(left, right, offsets, -2, 0, 5, heaps, counts, thresholds, [0]));
        Assert.Throws<ArgumentException>(() => NearestRight.Push(left, right, offsets, -2, 0, 5, heaps, counts, thresholds, [0, 2]));
        Assert.Throws<ArgumentException>(() => NearestRight.Push(left, right, offsets, -2, 0, 5, heaps, counts, thresholds, [-1, 0]));
    }

    [Fact]
    public void A_left_vector_fills_the_heap_of_its_owner()
    {
        using Panels left = Panels.Left([1, 2], 2, 1), right = Panels.Right([3f, 1, 2], 3, 1);
        var heaps = new Candidate[5];
        var counts = new int[5];
        float[] thresholds = [.. Enumerable.Repeat(float.PositiveInfinity, 5)];

        NearestRight.Push(left, right, new float[32], -1, 10, 1, heaps, counts, thresholds, [4, 2]);

        Assert.Equal([0, 0, 1, 0, 1], counts);
        Assert.Equal((new Candidate(-3, 10), new Candidate(-6, 10)), (heaps[4], heaps[2]));
        Assert.Equal((-3f, -6f), (thresholds[4], thresholds[2]));
    }

    /// <summary>Passes the rows in blocks of 64, as a scan does.</summary>
    private static Candidate[][] Search(float[] queries, int queryCount, float[] rows, int rowCount, float[] offsets, int depth, int k, float factor, int firstOrdinal)
    {
        const int Block = 64;
        using Panels left = Panels.Left(queries, queryCount, depth), right = Panels.Right();
        var heaps = new Candidate[queryCount * k];
        var counts = new int[queryCount];
        int[] owners = [.. Enumerable.Range(0, queryCount)];
        float[] thresholds = [.. Enumerable.Repeat(float.PositiveInfinity, queryCount)], padded = new float[Block];
        for (int start = 0; start < rowCount; start += Block)
        {
            int count = Math.Min(Block, rowCount - start);
            right.Pack(rows.AsSpan(start * depth, count * depth), count, depth, depth);
            Array.Clear(padded);
            offsets.AsSpan(start, count).CopyTo(padded);
            NearestRight.Push(left, right, padded, factor, firstOrdinal + start, k, heaps, counts, thresholds, owners);
        }

        return [.. Enumerable.Range(0, queryCount).Select(query => TopK.Resume(heaps.AsSpan(query * k, k), counts[query]).Sort().ToArray())];
    }
}

using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

/// <summary>The fused epilogues: the least value for each right vector, and the values below a limit.</summary>
[Trait("Category", "Kernels")]
public sealed class NearestLeftTests
{
    public static TheoryData<int, int, int> Shapes()
    {
        var shapes = new TheoryData<int, int, int> { { 1, 1, 1 }, { 12, 32, 4 }, { 13, 33, 5 }, { 11, 31, 3 }, { 256, 64, 8 } };
        var random = new SeededRandom(12);
        for (int i = 0; i < 12; i++)
            shapes.Add(1 + random.Next(100), 1 + random.Next(140), 1 + random.Next(20));
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_least_value_is_found_with_ties_to_the_lower_number(int leftCount, int rightCount, int depth)
    {
        // Whole numbers in few dimensions tie all the time.
        using var operands = new Operands(leftCount, rightCount, depth);
        int room = operands.Right.PanelCount * Panels.RightWidth;
        float[] best = [.. Enumerable.Repeat(-999f, room + 1)];
        int[] index = [.. Enumerable.Repeat(-7, room + 1)];

        NearestLeft.Find(operands.Left, operands.Offsets, operands.Right, 0, operands.Right.PanelCount, best, index);

        for (int j = 0; j < rightCount; j++)
        {
            float[] values = operands.Column(j);
            Assert.Equal(values.Min(), best[j]);
            Assert.Equal(Array.IndexOf(values, values.Min()), index[j]);
        }

        Assert.Equal((-999f, -7), (best[room], index[room]));
    }

    [Fact]
    public void With_squared_norms_for_offsets_it_is_the_nearest_by_distance()
    {
        const int LeftCount = 40, RightCount = 70, Depth = 6;
        using var operands = new Operands(LeftCount, RightCount, Depth);
        Distance.SquaredNorms(operands.LeftRows, Depth, operands.Offsets);
        var best = new float[96];
        var index = new int[96];

        NearestLeft.Find(operands.Left, operands.Offsets, operands.Right, 0, 3, best, index);

        for (int j = 0; j < RightCount; j++)
            Assert.Equal(Scalar.Nearest(operands.RightRows.AsSpan(j * Depth, Depth), operands.LeftRows, LeftCount), index[j]);
    }

    [Fact]
    public void A_range_of_panels_gives_its_part_of_the_whole()
    {
        using var operands = new Operands(30, 130, 7);
        float[] best = new float[160], part = new float[64];
        int[] index = new int[160], partIndex = new int[64];

        NearestLeft.Find(operands.Left, operands.Offsets, operands.Right, 0, 5, best, index);
        NearestLeft.Find(operands.Left, operands.Offsets, operands.Right, 2, 2, part, partIndex);

        Assert.Equal(best[64..128], part);
        Assert.Equal(index[64..128], partIndex);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Exactly_the_pairs_below_the_limits_are_listed(int leftCount, int rightCount, int depth)
    {
        using var operands = new Operands(leftCount, rightCount, depth);
        // Limits on values that occur (equal is not below), above and below all, and none at all.
        float[] limits = [.. Enumerable.Repeat(float.PositiveInfinity, operands.Right.PanelCount * Panels.RightWidth)];
        for (int j = 0; j < rightCount; j++)
        {
            float[] values = operands.Column(j);
            limits[j] = (j % 4) switch
            {
                0 => values[j % leftCount],
                1 => values.Min(),
                2 => values.Max() + 1,
                _ => float.NegativeInfinity,
            };
        }

        var pairs = new List<Pair>();
        NearestLeft.ListBelow(operands.Left, operands.Offsets, operands.Right, 0, operands.Right.PanelCount, limits, pairs);

        var expected = new List<Pair>();
        for (int j = 0; j < rightCount; j++)
        {
            float[] values = operands.Column(j);
            for (int i = 0; i < leftCount; i++)
            {
                if (values[i] < limits[j])
                    expected.Add(new Pair(i, j, values[i]));
            }
        }

        // A stable sort: the left vectors of each right one must have come in order.
        Assert.Equal(expected, pairs.OrderBy(pair => pair.Right));
    }

    [Fact]
    public void Pairs_of_a_range_of_panels_count_from_its_first_vector()
    {
        using var operands = new Operands(5, 70, 3);
        var pairs = new List<Pair>();

        NearestLeft.ListBelow(operands.Left, operands.Offsets, operands.Right, 2, 1, [.. Enumerable.Repeat(1e9f, 32)], pairs);

        Assert.Equal(5 * 6, pairs.Count);
        Assert.All(pairs, pair => Assert.Equal(operands.Column(64 + pair.Right)[pair.Left], pair.Value));
    }

    [Fact]
    public void Room_that_does_not_cover_whole_panels_is_refused()
    {
        using var operands = new Operands(5, 33, 3);
        float[] enough = new float[64], little = new float[63];

        Assert.Throws<ArgumentException>(() => NearestLeft.Find(operands.Left, operands.Offsets, operands.Right, 0, 2, little, new int[64]));
        Assert.Throws<ArgumentException>(() => NearestLeft.Find(operands.Left, operands.Offsets, operands.Right, 0, 2, enough, new int[63]));
        Assert.Throws<ArgumentException>(() => NearestLeft.Find(operands.Left, new float[4], operands.Right, 0, 2, enough, new int[64]));
        Assert.Throws<ArgumentException>(() => NearestLeft.ListBelow(operands.Left, operands.Offsets, operands.Right, 0, 2, little, []));
        Assert.Throws<ArgumentException>(() => NearestLeft.ListBelow(operands.Left, new float[4], operands.Right, 0, 2, enough, []));
    }

    private sealed class Operands(int leftCount, int rightCount, int depth) : IDisposable
    {
        public float[] LeftRows { get; } = TestVectors.Integers(leftCount * depth, 1);

        public float[] RightRows { get; } = TestVectors.Integers(rightCount * depth, 2);

        public float[] Offsets { get; } = TestVectors.Integers(leftCount, 3);

        public Panels Left => field ??= Panels.Left(LeftRows, leftCount, depth);

        public Panels Right => field ??= Panels.Right(RightRows, rightCount, depth);

        /// <summary>offset[left] - 2 * product of one right vector with all left ones.</summary>
        public float[] Column(int right)
        {
            var values = new float[leftCount];
            for (int i = 0; i < leftCount; i++)
                values[i] = Offsets[i] - 2 * Scalar.Dot(LeftRows.AsSpan(i * depth, depth), RightRows.AsSpan(right * depth, depth));
            return values;
        }

        public void Dispose()
        {
            Left.Dispose();
            Right.Dispose();
        }
    }
}

using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class PanelsTests
{
    private static readonly int[] Counts = [0, 1, 2, 3, 4, 5, 11, 12, 13, 24, 31, 32, 33, 63, 64, 65];
    private static readonly int[] Depths = [1, 2, 3, 4, 5, 7, 8, 16, 17, 33];

    [Fact]
    public void Packed_vectors_are_found_number_by_number_and_the_missing_ones_are_zeros()
    {
        foreach (int count in Counts)
        {
            foreach (int depth in Depths)
            {
                float[] rows = TestVectors.Normals(count * depth, (ulong)(count * 100 + depth));
                using Panels left = Panels.Left(rows, count, depth), right = Panels.Right(rows, count, depth);

                AssertHolds(left, Panels.LeftWidth, rows, count, depth, depth);
                AssertHolds(right, Panels.RightWidth, rows, count, depth, depth);
            }
        }
    }

    [Fact]
    public void Rows_may_lie_further_apart_than_they_are_long()
    {
        foreach (int count in Counts.Where(count => count > 0))
        {
            const int Depth = 7, Stride = 10;
            // Nothing follows the last row's numbers.
            float[] rows = TestVectors.Normals((count - 1) * Stride + Depth, (ulong)count);
            using Panels panels = Panels.Left().Pack(rows, count, Depth, Stride);

            AssertHolds(panels, Panels.LeftWidth, rows, count, Depth, Stride);
        }
    }

    [Fact]
    public void Panels_that_are_packed_again_forget_what_they_held()
    {
        float[] rows = TestVectors.Normals(40 * 9, 1);
        using Panels panels = Panels.Right(rows, 40, 9);

        foreach (int count in (int[])[5, 33, 1, 40, 0])
        {
            panels.Pack(rows, count, 5, 9);
            AssertHolds(panels, Panels.RightWidth, rows, count, 5, 9);
        }
    }

    [Fact]
    public void Gathered_vectors_are_those_named_in_their_order()
    {
        var random = new SeededRandom(3);
        foreach (int count in Counts)
        {
            const int Depth = 6, Stride = 8, Rows = 50;
            float[] rows = TestVectors.Normals((Rows - 1) * Stride + Depth, 9);
            var indices = new int[count];
            for (int i = 0; i < count; i++)
                indices[i] = random.Next(Rows);
            float[] named = [.. indices.SelectMany(index => rows.AsSpan(index * Stride, Depth).ToArray())];

            using Panels left = Panels.Left().Gather(rows, indices, Depth, Stride);
            using Panels right = Panels.Right().Gather(rows, indices, Depth, Stride);

            AssertHolds(left, Panels.LeftWidth, named, count, Depth, Depth);
            AssertHolds(right, Panels.RightWidth, named, count, Depth, Depth);
        }
    }

    [Theory]
    [InlineData(20, 4, 4, -1)]
    [InlineData(20, 4, 4, 5)]
    [InlineData(20, 4, 8, 3)]
    [InlineData(3, 4, 4, 0)]
    [InlineData(3, 4, 8, 0)]
    public void A_row_that_is_not_there_cannot_be_gathered(int length, int depth, int stride, int index)
    {
        using Panels panels = Panels.Right();

        Assert.Throws<ArgumentOutOfRangeException>(() => panels.Gather(new float[length], [index], depth, stride));
    }

    [Fact]
    public void Columns_are_packed_as_vectors()
    {
        foreach (int columns in Counts)
        {
            foreach (int rowCount in Depths)
            {
                float[] rows = TestVectors.Normals(columns * rowCount, (ulong)columns);
                var transposed = new float[rows.Length];
                for (int row = 0; row < rowCount; row++)
                    for (int column = 0; column < columns; column++)
                        transposed[column * rowCount + row] = rows[row * columns + column];

                using Panels panels = Panels.Right().PackColumns(rows, rowCount, columns);

                AssertHolds(panels, Panels.RightWidth, transposed, columns, rowCount, rowCount);
            }
        }
    }

    [Fact]
    public void Copied_panels_land_where_they_are_told_and_nowhere_else()
    {
        const int Depth = 5, Width = Panels.RightWidth;
        float[] rows = TestVectors.Normals(5 * Width * Depth, 1), others = TestVectors.Normals(40 * Depth, 2);
        using Panels target = Panels.Right(rows, 5 * Width, Depth), source = Panels.Right(others, 40, Depth);

        target.CopyFrom(source, 2);

        float[] expected = [.. rows];
        Array.Clear(expected, 2 * Width * Depth, 2 * Width * Depth);
        others.CopyTo(expected, 2 * Width * Depth);
        AssertHolds(target, Width, expected, 5 * Width, Depth, Depth);
    }

    [Fact]
    public void Panels_of_another_shape_are_not_copied()
    {
        using Panels target = Panels.Right(new float[64 * 4], 64, 4);
        using Panels deeper = Panels.Right(new float[5], 1, 5), wider = Panels.Left(new float[4], 1, 4), fitting = Panels.Right(new float[64 * 4], 64, 4);

        Assert.Throws<ArgumentException>(() => target.CopyFrom(deeper, 0));
        Assert.Throws<ArgumentException>(() => target.CopyFrom(wider, 0));
        Assert.Throws<ArgumentException>(() => target.CopyFrom(fitting, 1));
    }

    [Fact]
    public void Room_for_vectors_that_follow_is_all_zeros()
    {
        using Panels panels = Panels.Right(TestVectors.Normals(70 * 9, 1), 70, 9);

        panels.Reset(33, 4);

        AssertHolds(panels, Panels.RightWidth, new float[33 * 4], 33, 4, 4);
    }

    [Fact]
    public void Too_few_numbers_are_not_packed()
    {
        using Panels panels = Panels.Left();

        Assert.Throws<ArgumentException>(() => panels.Pack(new float[11], 3, 4, 4));
        Assert.Throws<ArgumentException>(() => panels.Pack(new float[13], 3, 4, 5));
    }

    private static void AssertHolds(Panels panels, int width, float[] rows, int count, int depth, int stride)
    {
        Assert.Equal((width, count, depth), (panels.Width, panels.Count, panels.Depth));
        Assert.Equal((count + width - 1) / width, panels.PanelCount);
        for (int panel = 0; panel < panels.PanelCount; panel++)
        {
            var expected = new float[depth * width];
            for (int vector = 0; vector < Math.Min(width, count - panel * width); vector++)
                for (int j = 0; j < depth; j++)
                    expected[j * width + vector] = rows[(panel * width + vector) * stride + j];
            Assert.Equal(expected, panels.PanelSpan(panel).ToArray());
        }
    }
}

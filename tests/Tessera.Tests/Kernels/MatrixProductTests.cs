using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class MatrixProductTests
{
    /// <summary>Shapes around the panel widths of 12 and 32 and around every register width, then random ones.</summary>
    public static TheoryData<int, int, int> Shapes()
    {
        var shapes = new TheoryData<int, int, int>
        {
            { 0, 5, 3 }, { 5, 0, 3 }, { 0, 0, 1 },
            { 1, 1, 1 }, { 12, 32, 16 }, { 11, 31, 15 }, { 13, 33, 17 }, { 24, 64, 1 }, { 25, 65, 2 }, { 36, 96, 100 },
        };
        var random = new SeededRandom(11);
        for (int i = 0; i < 20; i++)
            shapes.Add(1 + random.Next(60), 1 + random.Next(140), 1 + random.Next(300));
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_product_equals_the_oracle(int leftCount, int rightCount, int depth)
    {
        float[] leftRows = TestVectors.Integers(leftCount * depth, 1), rightRows = TestVectors.Integers(rightCount * depth, 2);
        using Panels left = Panels.Left(leftRows, leftCount, depth), right = Panels.Right(rightRows, rightCount, depth);
        float[] room = [.. Enumerable.Repeat(-1f, leftCount * rightCount + 1)];

        MatrixProduct.Store(left, right, room);

        float[] expected = [.. Scalar.Product(leftRows, leftCount, rightRows, rightCount, depth), -1];
        Assert.Equal(expected, room);
    }

    [Fact]
    public void One_vector_has_the_bits_that_it_has_among_others()
    {
        foreach (int depth in (int[])[1, 2, 14, 100])
        {
            foreach (int count in (int[])[1, 15, 16, 17, 31, 32, 33, 100, 127, 128, 129, 300])
            {
                float[] lefts = TestVectors.Normals(13 * depth, (ulong)(depth + count)), rights = TestVectors.Normals(count * depth, 9);
                using Panels many = Panels.Left(lefts, 13, depth), right = Panels.Right(rights, count, depth);
                var expected = new float[13 * count];
                MatrixProduct.Store(many, right, expected);
                for (int i = 0; i < 13; i += 4)
                {
                    using Panels one = Panels.Left(lefts.AsSpan(i * depth, depth), 1, depth);
                    var products = new float[count + 1];
                    products[count] = 7;
                    MatrixProduct.Store(one, right, products.AsSpan(0, count));

                    Assert.Equal(expected.AsSpan(i * count, count), products.AsSpan(0, count));
                    Assert.Equal(7, products[count]);
                }
            }
        }
    }

    [Fact]
    public void Every_register_width_sums_fused_and_in_the_order_of_the_depth()
    {
        Assert.SkipUnless(Fma.IsSupported || AdvSimd.IsSupported, "Without fused multiply-add the products are rounded twice.");
        const int LeftCount = 13, RightCount = 35, Depth = 129;
        float[] leftRows = TestVectors.Normals(LeftCount * Depth, 1), rightRows = TestVectors.Normals(RightCount * Depth, 2);
        var expected = new float[LeftCount * RightCount];
        for (int i = 0; i < LeftCount; i++)
            for (int j = 0; j < RightCount; j++)
                for (int d = 0; d < Depth; d++)
                    expected[i * RightCount + j] = MathF.FusedMultiplyAdd(leftRows[i * Depth + d], rightRows[j * Depth + d], expected[i * RightCount + j]);
        using Panels left = Panels.Left(leftRows, LeftCount, Depth), right = Panels.Right(rightRows, RightCount, Depth);
        var products = new float[expected.Length];

        MatrixProduct.Store(left, right, products);

        Assert.Equal(expected, products);
    }

    [Fact]
    public void Rounding_stays_within_the_bound_of_a_sum()
    {
        const int LeftCount = 14, RightCount = 40, Depth = 784;
        float[] leftRows = TestVectors.Normals(LeftCount * Depth, 1), rightRows = TestVectors.Normals(RightCount * Depth, 2);
        using Panels left = Panels.Left(leftRows, LeftCount, Depth), right = Panels.Right(rightRows, RightCount, Depth);
        var products = new float[LeftCount * RightCount];

        MatrixProduct.Store(left, right, products);

        for (int i = 0; i < LeftCount; i++)
        {
            for (int j = 0; j < RightCount; j++)
            {
                float[] a = leftRows[(i * Depth)..((i + 1) * Depth)], b = rightRows[(j * Depth)..((j + 1) * Depth)];
                double size = a.Zip(b, (x, y) => Math.Abs((double)x * y)).Sum();
                Assert.Equal(Scalar.Dot(a, b), products[i * RightCount + j], (Depth + 1) * Math.Pow(2, -24) * size);
            }
        }
    }

    [Fact]
    public void Tiles_cover_every_pair_once_and_say_how_much_of_them_exists()
    {
        foreach ((int leftCount, int rightCount) in ((int, int)[])[(1, 1), (12, 32), (13, 33), (30, 100), (24, 64)])
        {
            using Panels left = Panels.Left(TestVectors.Integers(leftCount * 3, 1), leftCount, 3);
            using Panels right = Panels.Right(TestVectors.Integers(rightCount * 3, 2), rightCount, 3);
            List<(int Row, int Column, int Rows, int Columns)> places = [];
            List<bool> cleanRests = [];
            var log = new TileLog(places, cleanRests);

            MatrixProduct.Run(left, right, ref log);

            var covered = new int[leftCount, rightCount];
            foreach ((int row, int column, int rows, int columns) in places)
                for (int i = 0; i < rows; i++)
                    for (int j = 0; j < columns; j++)
                        covered[row + i, column + j]++;
            Assert.All(covered.Cast<int>(), times => Assert.Equal(1, times));
            Assert.DoesNotContain(false, cleanRests);
        }
    }

    [Theory]
    [InlineData(100, 0, 4)]
    [InlineData(100, 1, 2)]
    [InlineData(100, 3, 1)]
    [InlineData(100, 2, 0)]
    [InlineData(64, 1, 1)]
    public unsafe void A_range_of_panels_is_numbered_from_its_first_vector(int rightCount, int firstPanel, int panelCount)
    {
        const int LeftCount = 15, Depth = 9;
        int first = firstPanel * Panels.RightWidth, count = Math.Min(panelCount * Panels.RightWidth, rightCount - first);
        float[] leftRows = TestVectors.Integers(LeftCount * Depth, 1), rightRows = TestVectors.Integers(rightCount * Depth, 2);
        using Panels left = Panels.Left(leftRows, LeftCount, Depth), right = Panels.Right(rightRows, rightCount, Depth);
        var products = new float[LeftCount * count];

        fixed (float* target = products)
        {
            var sink = new StoreSink(target, count);
            MatrixProduct.Run(left, right, firstPanel, panelCount, ref sink);
        }

        Assert.Equal(Scalar.Product(leftRows, LeftCount, rightRows.AsSpan(first * Depth), count, Depth), products);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Any_number_of_threads_stores_the_same_bits(int leftCount, int rightCount, int depth)
    {
        using Panels left = Panels.Left(TestVectors.Normals(leftCount * depth, 1), leftCount, depth);
        using Panels right = Panels.Right(TestVectors.Normals(rightCount * depth, 2), rightCount, depth);
        float[] expected = [.. new float[leftCount * rightCount], -1];
        MatrixProduct.Store(left, right, expected.AsSpan());

        foreach (int threads in (int[])[1, 2, 5])
        {
            float[] room = [.. new float[leftCount * rightCount], -1];
            MatrixProduct.Store(left, right, room.AsMemory(), threads, default);
            Assert.Equal(expected, room);
        }
    }

    [Fact]
    public void Products_can_be_stored_apart_in_a_larger_buffer()
    {
        const int LeftCount = 14, RightCount = 35, Depth = 6, Start = 5, Stride = 40;
        float[] leftRows = TestVectors.Integers(LeftCount * Depth, 1), rightRows = TestVectors.Integers(RightCount * Depth, 2);
        using Panels left = Panels.Left(leftRows, LeftCount, Depth), right = Panels.Right(rightRows, RightCount, Depth);
        using var target = new AlignedBuffer<float>(Start + (LeftCount - 1) * Stride + RightCount);
        target.Span.Fill(-1);

        MatrixProduct.Store(left, right, target, Start, Stride);

        float[] expected = [.. Enumerable.Repeat(-1f, (int)target.Length)], products = Scalar.Product(leftRows, LeftCount, rightRows, RightCount, Depth);
        for (int i = 0; i < LeftCount; i++)
            products.AsSpan(i * RightCount, RightCount).CopyTo(expected.AsSpan(Start + i * Stride));
        Assert.Equal(expected, target.Span.ToArray());
        Assert.Throws<ArgumentException>(() => MatrixProduct.Store(left, right, target, Start + 1, Stride));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Store(left, right, target, -1, Stride));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 3)]
    [InlineData(2, 1)]
    [InlineData(int.MaxValue, 1)]
    public void Panels_that_are_not_there_are_refused(int firstPanel, int panelCount)
    {
        using Panels left = Panels.Left(new float[3], 1, 3), right = Panels.Right(new float[64 * 3], 64, 3);
        var log = new TileLog([], []);

        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.Run(left, right, firstPanel, panelCount, ref log));
    }

    [Fact]
    public void Operands_that_do_not_fit_each_other_are_refused()
    {
        using Panels left = Panels.Left(new float[3], 1, 3), right = Panels.Right(new float[3], 1, 3), deeper = Panels.Right(new float[4], 1, 4);
        var room = new float[10];

        Assert.Throws<ArgumentException>(() => MatrixProduct.Store(left, deeper, room));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Store(right, right, room));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Store(left, left, room));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Store(left, right, Span<float>.Empty));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Store(left, right, Memory<float>.Empty, 2, default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(784)]
    [InlineData(10_000)]
    [InlineData(10_000_000)]
    public void A_block_is_a_positive_number_of_whole_panels(int depth)
    {
        int size = MatrixProduct.BlockSize(depth);

        Assert.True(size >= Panels.RightWidth);
        Assert.Equal(0, size % Panels.RightWidth);
    }
}

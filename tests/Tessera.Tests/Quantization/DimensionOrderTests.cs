using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Quantization;

public sealed class DimensionOrderTests
{
    private const int Parts = 4;
    private const int Dimension = 16;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Dimensions_that_vary_unequally_are_dealt_so_that_each_part_has_its_share()
    {
        // The standard deviations fall from 16 to 1: by fours the first part had 53 parts in 100 of the variance, the last 2.
        Matrix vectors = TestVectors.Normal(2000, Dimension, 1).Scaled(i => Dimension - i);

        DimensionOrder order = Chosen(vectors)!;

        Assert.Equal(Enumerable.Range(0, Dimension), order.Taken.ToArray().Order());
        double[] shares = [.. order.Taken.ToArray().Select(i => Math.Pow(Dimension - i, 2)).Chunk(Dimension / Parts).Select(part => part.Sum())];
        Assert.All(shares, share => Assert.InRange(share / shares.Sum(), 0.2, 0.3));
    }

    [Fact]
    public void Dimensions_that_vary_alike_stay_as_they_are() => Assert.Null(Chosen(TestVectors.Normal(2000, Dimension, 2)));

    [Fact]
    public void Neighbours_that_go_together_stay_together()
    {
        // Four numbers, each four times over with a little noise: a part holds one of them, and 16 entries say it well.
        Matrix few = TestVectors.Normal(2000, Parts, 3), noise = TestVectors.Normal(2000, Dimension, 4);
        var values = new float[2000 * Dimension];
        for (int i = 0; i < values.Length; i++)
            values[i] = (i % Dimension + 1) * (few.Span[i / (Dimension / Parts)] + 0.05f * noise.Span[i]);
        var vectors = new Matrix(values, Dimension);

        Assert.Null(Chosen(vectors));
    }

    [Fact]
    public void A_single_part_and_parts_of_one_number_leave_nothing_to_order()
    {
        Matrix vectors = TestVectors.Normal(500, Dimension, 5).Scaled(i => i);
        Assert.Null(DimensionOrder.Choose(vectors, 1, 4, BuildOptions.Default, Cancellation));
        Assert.Null(DimensionOrder.Choose(vectors, Dimension, 4, BuildOptions.Default, Cancellation));
    }

    [Fact]
    public void What_is_put_in_order_and_back_is_as_it_was()
    {
        Matrix vectors = TestVectors.Normal(500, Dimension, 6).Scaled(i => Dimension - i);
        DimensionOrder order = Chosen(vectors)!;
        Matrix ordered = order.Apply(vectors);
        var back = new float[Dimension];
        for (int row = 0; row < vectors.Rows; row++)
        {
            for (int i = 0; i < Dimension; i++)
                Assert.Equal(vectors[row][order.Taken[i]], ordered[row][i]);
            order.Undo(ordered[row], back);
            Assert.Equal(vectors[row], back);
        }
    }

    [Theory]
    [InlineData(0, 1, 2, 2)]
    [InlineData(0, 1, 2, 4)]
    [InlineData(0, 1, -1, 3)]
    [InlineData(int.MaxValue, int.MinValue, 2, 3)]
    public void What_does_not_hold_each_dimension_once_is_no_order(params int[] taken) => Assert.Null(DimensionOrder.Of(taken));

    private static DimensionOrder? Chosen(Matrix vectors) => DimensionOrder.Choose(vectors, Parts, 4, BuildOptions.Default, Cancellation);
}

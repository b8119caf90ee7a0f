using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

/// <summary>The oracle itself, against sums done by hand.</summary>
[Trait("Category", "Kernels")]
public sealed class ScalarTests
{
    [Fact]
    public void The_oracle_agrees_with_sums_by_hand()
    {
        Assert.Equal(1 * 4 + 2 * 5 - 3 * 6, Scalar.Dot([1, 2, -3], [4, 5, 6]));
        Assert.Equal(9 + 9 + 81, Scalar.SquaredL2([1, 2, -3], [4, 5, 6]));
        Assert.Equal([11, 17, 25, 39], Scalar.Product([1, 2, 3, 4], 2, [3, 4, 5, 6], 2, 2));
        Assert.Equal(2 + 30 + 100, Scalar.TableSum([1, 2, 3, 10, 20, 30, 100, 200, 300], 3, [1, 2, 0]));
    }

    [Fact]
    public void The_nearest_row_is_the_first_of_those_equally_near()
    {
        Assert.Equal(1, Scalar.Nearest([1, 1], [5, 5, 1, 0, 0, 1, 9, 9], 4));
        Assert.Equal(0, Scalar.Nearest([1, 1], [], 0));
    }
}

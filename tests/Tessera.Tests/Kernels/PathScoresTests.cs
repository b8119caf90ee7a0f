using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

public sealed class PathScoresTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(33)]
    public void A_score_is_the_path_s_own_with_the_entry_s_norm_and_product(int count)
    {
        float[] norms = TestVectors.Integers(count + 3, 1), products = TestVectors.Integers(count + 5, 2), scores = new float[count];

        PathScores.Start(7, norms, products, scores);

        for (int i = 0; i < count; i++)
            Assert.Equal(7 + norms[i] + products[i], scores[i]);
    }

    [Fact]
    public void Too_few_norms_or_products_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PathScores.Start(0, new float[2], new float[3], new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PathScores.Start(0, new float[3], new float[2], new float[3]));
    }
}

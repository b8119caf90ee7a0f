using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class PanelSinkTests
{
    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(12, 32, 5, 1)]
    [InlineData(13, 33, 8, 0)]
    [InlineData(63, 70, 20, 2)]
    public void Products_are_packed_as_right_vectors_and_leave_the_rest_alone(int leftCount, int rightCount, int depth, int firstPanel)
    {
        const int Width = Panels.RightWidth;
        float[] leftRows = TestVectors.Integers(leftCount * depth, 1), rightRows = TestVectors.Integers(rightCount * depth, 2);
        using Panels left = Panels.Left(leftRows, leftCount, depth), right = Panels.Right(rightRows, rightCount, depth);
        // One number deeper than there are products, and one panel more behind.
        using Panels target = Panels.Right();
        target.Reset((firstPanel + right.PanelCount + 1) * Width, leftCount + 1);
        for (int panel = 0; panel < target.PanelCount; panel++)
            target.PanelSpan(panel).Fill(-1);

        PanelSink.Project(left, right, target, firstPanel);

        float[] products = Scalar.Product(leftRows, leftCount, rightRows, rightCount, depth);
        for (int panel = 0; panel < target.PanelCount; panel++)
        {
            bool written = panel >= firstPanel && panel < firstPanel + right.PanelCount;
            ReadOnlySpan<float> numbers = target.PanelSpan(panel);
            for (int lane = 0; lane < Width; lane++)
            {
                int vector = (panel - firstPanel) * Width + lane;
                for (int i = 0; i < leftCount; i++)
                {
                    float expected = !written ? -1 : vector < rightCount ? products[i * rightCount + vector] : 0;
                    Assert.Equal(expected, numbers[i * Width + lane]);
                }

                Assert.Equal(-1, numbers[leftCount * Width + lane]);
            }
        }
    }

    [Fact]
    public void A_target_that_is_too_small_is_refused()
    {
        using Panels left = Panels.Left(new float[6], 2, 3), right = Panels.Right(new float[99], 33, 3);
        using Panels shallow = Panels.Right().Reset(64, 1), few = Panels.Right().Reset(64, 2);

        Assert.Throws<ArgumentException>(() => PanelSink.Project(left, right, shallow, 0));
        Assert.Throws<ArgumentException>(() => PanelSink.Project(left, right, few, 1));
    }
}

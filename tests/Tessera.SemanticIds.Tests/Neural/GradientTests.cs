using Tessera.SemanticIds.Neural;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Tests.Neural;

/// <summary>
/// The gradients of a training step against finite differences of the same loss written out in double precision. What the
/// estimator takes for constant is kept constant: the codes, the jump from latents to entries, and of each half of the
/// quantisation the side that it does not move.
/// </summary>
public sealed class GradientTests
{
    private const int Rows = 6, Dimension = 5;

    [Theory]
    [InlineData(false, ReconstructionLoss.Squared, false)]
    [InlineData(true, ReconstructionLoss.Squared, false)]
    [InlineData(false, ReconstructionLoss.Absolute, false)]
    [InlineData(true, ReconstructionLoss.Squared, true)]
    public void All_gradients_are_those_of_finite_differences(bool shortcut, ReconstructionLoss loss, bool freeze)
    {
        var options = new RQVAEOptions
        {
            Clusters = [4, 3],
            LatentDimension = 3,
            Layers = [7, 4],
            Shortcut = shortcut,
            Loss = loss,
            FreezeEncoder = freeze,
            QuantizationWeight = 0.7,
            Commitment = 0.4,
            WarmStart = false,
            HeldOut = 0,
            Seed = 3,
        };
        Matrix vectors = TestData.Normal(40, Dimension, 8);
        var training = new Training(vectors, options, threads: 1);
        (Mlp encoder, Mlp decoder, LatentQuantizer quantizer, float[] data) = training.Parts;
        var random = new SeededRandom(5);
        // Biases and the zero layer of a shortcut would leave most gradients at 0.
        foreach (Parameter parameter in (Parameter[])[.. encoder.Parameters, .. decoder.Parameters, .. quantizer.Codebooks])
            foreach (ref float value in parameter.Values.AsSpan())
                value = (float)(0.6 * random.NextNormal());
        var codes = new int[Rows * 2];
        double analytic = training.Step(data.AsMemory(0, Rows * Dimension), Rows, codes);
        var oracle = new LossOracle(options, encoder, decoder, quantizer, data, Rows, codes);
        Assert.Equal(analytic, oracle.Loss(), 4);

        int checkedNumbers = 0;
        foreach (Parameter parameter in (Parameter[])[.. freeze ? [] : encoder.Parameters, .. decoder.Parameters, .. quantizer.Codebooks])
        {
            for (int i = 0; i < parameter.Values.Length; i++)
            {
                double numeric = oracle.Derivative(parameter, i);
                Assert.True(Math.Abs(numeric - parameter.Gradients[i]) < 2e-3 * Math.Max(0.05, Math.Abs(numeric)), $"{numeric} {parameter.Gradients[i]}");
                checkedNumbers++;
            }
        }

        Assert.True(checkedNumbers > 100);
    }
}

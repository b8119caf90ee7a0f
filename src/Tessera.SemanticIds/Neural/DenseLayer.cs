using System.Numerics.Tensors;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Neural;

/// <summary>y = x W + b, and the gradients of what follows by W, b and x.</summary>
internal sealed class DenseLayer
{
    public DenseLayer(int inputs, int outputs)
    {
        (Inputs, Outputs) = (inputs, outputs);
        Weights = new Parameter(inputs * outputs);
        Bias = new Parameter(outputs);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>One row of <see cref="Outputs"/> numbers for each input.</summary>
    public Parameter Weights { get; }

    public Parameter Bias { get; }

    /// <summary>Xavier's normal start (Glorot and Bengio, 2010); the bias is 0.</summary>
    public void Start(ref SeededRandom random)
    {
        double deviation = Math.Sqrt(2.0 / (Inputs + Outputs));
        foreach (ref float weight in Weights.Values.AsSpan())
            weight = (float)(random.NextNormal() * deviation);
    }

    public void Forward(ReadOnlyMemory<float> x, Memory<float> y, int rows, int threads)
    {
        MatrixMultiply.Run(x, false, Weights.Values, false, y, rows, Inputs, Outputs, threads);
        for (int row = 0; row < rows; row++)
        {
            Span<float> of = y.Span.Slice(row * Outputs, Outputs);
            TensorPrimitives.Add(of, Bias.Values, of);
        }
    }

    /// <summary>As <see cref="Forward"/>, with the same bits on every machine.</summary>
    public void ForwardRepeatably(ReadOnlySpan<float> x, Span<float> y, int rows)
    {
        for (int row = 0; row < rows; row++)
            Bias.Values.CopyTo(y[(row * Outputs)..]);
        MatrixMultiply.AddRepeatably(x, Weights.Values, y, rows, Inputs, Outputs);
    }

    /// <summary>Sets the gradients of weights and bias, and writes that of x where there is room for it.</summary>
    public void Backward(ReadOnlyMemory<float> x, ReadOnlyMemory<float> dy, Memory<float> dx, int rows, int threads)
    {
        MatrixMultiply.Run(x, true, dy, false, Weights.Gradients, Inputs, rows, Outputs, threads);
        Span<float> bias = Bias.Gradients;
        bias.Clear();
        for (int row = 0; row < rows; row++)
            TensorPrimitives.Add(bias, dy.Span.Slice(row * Outputs, Outputs), bias);
        if (!dx.IsEmpty)
            MatrixMultiply.Run(dy, false, Weights.Values, true, dx, rows, Outputs, Inputs, threads);
    }
}

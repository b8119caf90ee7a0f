using System.Numerics.Tensors;

namespace Tessera.SemanticIds.Neural;

/// <summary>Adam with decoupled weight decay (Kingma and Ba, 2015; Loshchilov and Hutter, 2019).</summary>
internal sealed class AdamW(IReadOnlyList<Parameter> parameters, double weightDecay)
{
    private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;

    /// <summary>Numbers that pass through all operations while they lie in the first-level cache.</summary>
    private const int Block = 1024;

    /// <summary>Below this, threads cost more than they bring.</summary>
    private const int FewBlocks = 64;

    private long _steps;

    public void Step(double learningRate, int threads)
    {
        _steps++;
        float correction1 = (float)(1 - Math.Pow(Beta1, _steps)), correction2 = (float)Math.Sqrt(1 - Math.Pow(Beta2, _steps));
        float rate = (float)learningRate * correction2 / correction1, keep = (float)(1 - learningRate * weightDecay);
        foreach (Parameter parameter in parameters)
        {
            int blocks = (parameter.Values.Length + Block - 1) / Block;
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = blocks < FewBlocks ? 1 : threads == 0 ? -1 : threads };
            Parallel.For(0, blocks, parallel, block =>
            {
                int start = block * Block;
                Update(parameter, start, Math.Min(Block, parameter.Values.Length - start), rate, keep, Epsilon * correction2);
            });
        }
    }

    private static void Update(Parameter parameter, int start, int length, float rate, float keep, float epsilon)
    {
        Span<float> values = parameter.Values.AsSpan(start, length), gradients = parameter.Gradients.AsSpan(start, length);
        Span<float> first = parameter.FirstMoments.AsSpan(start, length), second = parameter.SecondMoments.AsSpan(start, length);
        Span<float> scratch = stackalloc float[Block];
        scratch = scratch[..length];
        // m = b1 m + (1 - b1) g
        TensorPrimitives.Multiply(first, Beta1, first);
        TensorPrimitives.MultiplyAdd(gradients, 1 - Beta1, first, first);
        // v = b2 v + (1 - b2) g^2
        TensorPrimitives.Multiply(gradients, gradients, scratch);
        TensorPrimitives.Multiply(second, Beta2, second);
        TensorPrimitives.MultiplyAdd(scratch, 1 - Beta2, second, second);
        // x = keep x - rate m / (sqrt(v) + epsilon), the corrections of both moments in the rate and in epsilon
        TensorPrimitives.Sqrt(second, scratch);
        TensorPrimitives.Add(scratch, epsilon, scratch);
        TensorPrimitives.Divide(first, scratch, scratch);
        TensorPrimitives.Multiply(values, keep, values);
        TensorPrimitives.MultiplyAdd(scratch, -rate, values, values);
    }
}

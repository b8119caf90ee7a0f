using System.Numerics.Tensors;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Neural;

/// <summary>Dense layers with rectifiers between them. With a shortcut the input is added to the output, which then is the input as long as the last layer is zero.</summary>
internal sealed class Mlp
{
    private readonly bool _hasShortcut;
    private float[][] _outputs = [];
    private float[][] _gradients = [];

    /// <param name="sizes">Numbers before the first layer, between layers, and behind the last.</param>
    /// <param name="hasShortcut">Whether the input is added to the output, of the same size then.</param>
    public Mlp(IReadOnlyList<int> sizes, bool hasShortcut)
    {
        Layers = [.. sizes.Zip(sizes.Skip(1), (inputs, outputs) => new DenseLayer(inputs, outputs))];
        _hasShortcut = hasShortcut;
    }

    public IReadOnlyList<DenseLayer> Layers { get; }

    public int Inputs => Layers[0].Inputs;

    public int Outputs => Layers[^1].Outputs;

    public IEnumerable<Parameter> Parameters => Layers.SelectMany(layer => (Parameter[])[layer.Weights, layer.Bias]);

    public void Start(ref SeededRandom random)
    {
        foreach (DenseLayer layer in Layers)
            layer.Start(ref random);
        // The identity to begin with.
        if (_hasShortcut)
            Array.Clear(Layers[^1].Weights.Values);
    }

    /// <summary>Runs rows through all layers and keeps what <see cref="Backward"/> needs.</summary>
    /// <returns>One row for each row, overwritten by the next call.</returns>
    public Memory<float> Forward(ReadOnlyMemory<float> x, int rows, int threads)
    {
        Reserve(rows);
        ReadOnlyMemory<float> input = x;
        for (int i = 0; i < Layers.Count; i++)
        {
            Memory<float> output = Output(i, rows);
            Layers[i].Forward(input, output, rows, threads);
            if (i < Layers.Count - 1)
                TensorPrimitives.Max(output.Span, 0, output.Span);
            input = output;
        }

        Memory<float> last = Output(Layers.Count - 1, rows);
        if (_hasShortcut)
            TensorPrimitives.Add(last.Span, x.Span, last.Span);
        return last;
    }

    /// <summary>As <see cref="Forward"/>, with the same bits on every machine, and for several threads at once.</summary>
    public float[] ForwardRepeatably(ReadOnlySpan<float> x, int rows)
    {
        float[] input = x.ToArray();
        for (int i = 0; i < Layers.Count; i++)
        {
            var output = new float[rows * Layers[i].Outputs];
            Layers[i].ForwardRepeatably(input, output, rows);
            if (i < Layers.Count - 1)
                TensorPrimitives.Max(output, 0, output);
            input = output;
        }

        if (_hasShortcut)
            TensorPrimitives.Add(input, x, input);
        return input;
    }

    /// <summary>Sets the gradients of all layers from that of the output of the last <see cref="Forward"/>.</summary>
    /// <param name="x">The input of that call.</param>
    /// <param name="dy">The gradient of its output.</param>
    /// <param name="dx">Receives that of its input; empty where nobody wants it.</param>
    /// <param name="rows">Rows of the call.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    public void Backward(ReadOnlyMemory<float> x, ReadOnlyMemory<float> dy, Memory<float> dx, int rows, int threads)
    {
        ReadOnlyMemory<float> gradient = dy;
        for (int i = Layers.Count - 1; i >= 0; i--)
        {
            ReadOnlyMemory<float> input = i == 0 ? x : Output(i - 1, rows);
            Memory<float> before = i == 0 ? dx : _gradients[i - 1].AsMemory(0, rows * Layers[i].Inputs);
            Layers[i].Backward(input, gradient, before, rows, threads);
            if (i > 0)
                Rectify(input.Span, before.Span);
            gradient = before;
        }

        if (_hasShortcut && !dx.IsEmpty)
            TensorPrimitives.Add(dx.Span, dy.Span, dx.Span);
    }

    /// <summary>Where the rectifier gave 0 nothing passes back.</summary>
    private static void Rectify(ReadOnlySpan<float> outputs, Span<float> gradients)
    {
        for (int i = 0; i < gradients.Length; i++)
            gradients[i] = outputs[i] > 0 ? gradients[i] : 0;
    }

    private Memory<float> Output(int layer, int rows) => _outputs[layer].AsMemory(0, rows * Layers[layer].Outputs);

    private void Reserve(int rows)
    {
        if (_outputs.Length > 0 && _outputs[0].Length >= rows * Layers[0].Outputs)
            return;
        _outputs = [.. Layers.Select(layer => new float[rows * layer.Outputs])];
        _gradients = [.. Layers.Select(layer => new float[rows * layer.Outputs])];
    }
}

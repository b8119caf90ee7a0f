using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tessera.Kernels;
using Tessera.Storage;

namespace Tessera.Attention.Llama;

/// <summary>
/// A Llama model in the float32 format of llama2.c (version 0): seven int32 sizes, then all weights. Small models for checking
/// attention end to end; there is no quantisation here and no batching, and large models are slow.
/// </summary>
public sealed class LlamaModel
{
    private const int HeaderBytes = 7 * sizeof(int);
    private const int LargestSize = 1 << 20;

    private LlamaModel(LlamaShape shape, float[] numbers, bool isShared)
    {
        Shape = shape;
        int dimension = shape.Dimension, hidden = shape.HiddenDimension, layers = shape.Layers, at = 0;
        ReadOnlyMemory<float> Next(long count)
        {
            ReadOnlyMemory<float> part = numbers.AsMemory(at, checked((int)count));
            at += (int)count;
            return part;
        }

        Embeddings = Next((long)shape.Vocabulary * dimension);
        AttentionNorms = Next((long)layers * dimension);
        QueryWeights = Next((long)layers * dimension * dimension);
        KeyWeights = Next((long)layers * shape.KeyDimension * dimension);
        ValueWeights = Next((long)layers * shape.KeyDimension * dimension);
        OutputWeights = Next((long)layers * dimension * dimension);
        FeedForwardNorms = Next((long)layers * dimension);
        GateWeights = Next((long)layers * hidden * dimension);
        DownWeights = Next((long)layers * dimension * hidden);
        UpWeights = Next((long)layers * hidden * dimension);
        FinalNorm = Next(dimension);
        // Rotations that older versions of the format carry; they follow from the sizes.
        Next((long)shape.Context * shape.HeadDimension);
        Classifier = isShared ? Embeddings : Next((long)shape.Vocabulary * dimension);
    }

    /// <summary>The sizes.</summary>
    public LlamaShape Shape { get; }

    internal ReadOnlyMemory<float> Embeddings { get; }

    internal ReadOnlyMemory<float> AttentionNorms { get; }

    internal ReadOnlyMemory<float> QueryWeights { get; }

    internal ReadOnlyMemory<float> KeyWeights { get; }

    internal ReadOnlyMemory<float> ValueWeights { get; }

    internal ReadOnlyMemory<float> OutputWeights { get; }

    internal ReadOnlyMemory<float> FeedForwardNorms { get; }

    internal ReadOnlyMemory<float> GateWeights { get; }

    internal ReadOnlyMemory<float> DownWeights { get; }

    internal ReadOnlyMemory<float> UpWeights { get; }

    internal ReadOnlyMemory<float> FinalNorm { get; }

    internal ReadOnlyMemory<float> Classifier { get; }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file, such as <c>stories260K.bin</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TesseraFormatException">The file is no such model, or is cut short.</exception>
    public static LlamaModel Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.Length < HeaderBytes)
            throw new TesseraFormatException(path, "header", 0, $"the file has {file.Length} bytes; a llama2.c model begins with {HeaderBytes} bytes of sizes.");
        file.ReadExactly(header);
        Span<int> sizes = stackalloc int[7];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = BinaryPrimitives.ReadInt32LittleEndian(header[(i * sizeof(int))..]);
        // A negative vocabulary says that the classifier has weights of its own.
        bool isShared = sizes[5] > 0;
        sizes[5] = sizes[5] == int.MinValue ? 0 : Math.Abs(sizes[5]);
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] is < 1 or > LargestSize)
                throw new TesseraFormatException(path, "header", i * sizeof(int), $"size {i} is {sizes[i]}; this is no llama2.c model of version 0.");
        }

        var shape = new LlamaShape(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6]);
        if (shape.Dimension % shape.QueryHeads != 0 || shape.QueryHeads % shape.KeyHeads != 0 || shape.HeadDimension % 2 != 0)
            throw new TesseraFormatException(path, "header", 0, $"{shape.QueryHeads} query heads and {shape.KeyHeads} key heads do not divide a state of {shape.Dimension} numbers.");
        Int128 needed = HeaderBytes + 4 * Numbers(shape, isShared);
        if (file.Length != needed)
            throw new TesseraFormatException(path, "weights", HeaderBytes, $"the file has {file.Length} bytes, but a model of these sizes {needed}.");
        if (file.Length > Array.MaxLength)
            throw new TesseraFormatException(path, "weights", HeaderBytes, "models of more than 2 GB are not read.");
        var numbers = new float[(file.Length - HeaderBytes) / sizeof(float)];
        file.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        int bad = Finite.FirstBad(numbers);
        if (bad >= 0)
            throw new TesseraFormatException(path, "weights", HeaderBytes + 4L * bad, $"number {bad} is {numbers[bad]}.");
        return new LlamaModel(shape, numbers, isShared);
    }

    private static Int128 Numbers(LlamaShape shape, bool isShared)
    {
        Int128 dimension = shape.Dimension, layer = dimension * (2 * dimension + 2 * shape.KeyDimension + 3 * (Int128)shape.HiddenDimension + 2);
        Int128 vocabulary = dimension * shape.Vocabulary;
        return vocabulary * (isShared ? 1 : 2) + shape.Layers * layer + dimension + (Int128)shape.Context * shape.HeadDimension;
    }
}

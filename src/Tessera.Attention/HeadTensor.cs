namespace Tessera.Attention;

/// <summary>A view of numbers in the shape [batch, heads, sequence, dimension], each dimension but the last with a stride of its own. Nothing is copied.</summary>
public readonly ref struct HeadTensor
{
    /// <summary>A view of numbers that lie densely.</summary>
    /// <param name="data">batch * heads * sequence * dimension numbers.</param>
    /// <param name="batch">Texts.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="sequence">Tokens.</param>
    /// <param name="dimension">Numbers of a head.</param>
    /// <exception cref="ArgumentException">The shape does not fit the numbers.</exception>
    public HeadTensor(ReadOnlySpan<float> data, int batch, int heads, int sequence, int dimension)
        : this(data, batch, heads, sequence, dimension, (long)heads * sequence * dimension, (long)sequence * dimension, dimension)
    {
        if (data.Length != (long)batch * heads * sequence * dimension)
            throw new ArgumentException($"{data.Length} numbers are not of the shape [{batch}, {heads}, {sequence}, {dimension}], which takes {(long)batch * heads * sequence * dimension}.", nameof(data));
    }

    /// <summary>A view with strides, such as of a [batch, sequence, heads, dimension] array.</summary>
    /// <param name="data">All numbers that the view reaches.</param>
    /// <param name="batch">Texts.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="sequence">Tokens.</param>
    /// <param name="dimension">Numbers of a head, which lie together.</param>
    /// <param name="batchStride">Numbers from one text to the next.</param>
    /// <param name="headStride">Numbers from one head to the next.</param>
    /// <param name="sequenceStride">Numbers from one token to the next.</param>
    /// <exception cref="ArgumentException">A size or a stride is negative, or the view reaches beyond the numbers.</exception>
    public HeadTensor(ReadOnlySpan<float> data, int batch, int heads, int sequence, int dimension, long batchStride, long headStride, long sequenceStride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfNegative(heads);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(batchStride);
        ArgumentOutOfRangeException.ThrowIfNegative(headStride);
        ArgumentOutOfRangeException.ThrowIfNegative(sequenceStride);
        if (batch > 0 && heads > 0 && sequence > 0)
        {
            long last = checked((batch - 1) * batchStride + (heads - 1) * headStride + (sequence - 1) * sequenceStride + dimension);
            if (last > data.Length)
                throw new ArgumentException($"The view [{batch}, {heads}, {sequence}, {dimension}] with strides {batchStride}, {headStride}, {sequenceStride} reaches to number {last} of {data.Length}.", nameof(data));
        }

        Data = data;
        Batch = batch;
        Heads = heads;
        Sequence = sequence;
        Dimension = dimension;
        BatchStride = batchStride;
        HeadStride = headStride;
        SequenceStride = sequenceStride;
    }

    /// <summary>The numbers that the view looks at.</summary>
    public ReadOnlySpan<float> Data { get; }

    /// <summary>Texts.</summary>
    public int Batch { get; }

    /// <summary>Heads.</summary>
    public int Heads { get; }

    /// <summary>Tokens.</summary>
    public int Sequence { get; }

    /// <summary>Numbers of a head.</summary>
    public int Dimension { get; }

    /// <summary>Numbers from one text to the next.</summary>
    public long BatchStride { get; }

    /// <summary>Numbers from one head to the next.</summary>
    public long HeadStride { get; }

    /// <summary>Numbers from one token to the next.</summary>
    public long SequenceStride { get; }

    /// <summary>The numbers of one head at one token.</summary>
    public ReadOnlySpan<float> this[int batch, int head, int token]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)batch, (uint)Batch, nameof(batch));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)head, (uint)Heads, nameof(head));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)Sequence, nameof(token));
            return Data.Slice((int)(batch * BatchStride + head * HeadStride + token * SequenceStride), Dimension);
        }
    }

    internal string Shape => $"[{Batch}, {Heads}, {Sequence}, {Dimension}]";
}

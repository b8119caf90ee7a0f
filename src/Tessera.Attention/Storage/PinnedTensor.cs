namespace Tessera.Attention.Storage;

/// <summary>A <see cref="HeadTensor"/> over pinned numbers, which threads may share.</summary>
internal readonly unsafe struct PinnedTensor(float* data, HeadTensor shape)
{
    private readonly long _batchStride = shape.BatchStride;
    private readonly long _headStride = shape.HeadStride;
    private readonly long _sequenceStride = shape.SequenceStride;

    public int Heads { get; } = shape.Heads;

    public int Sequence { get; } = shape.Sequence;

    public int Dimension { get; } = shape.Dimension;

    public ReadOnlySpan<float> this[int batch, int head, int token] =>
        new(data + batch * _batchStride + head * _headStride + token * _sequenceStride, Dimension);
}

namespace Tessera.Kernels;

/// <summary>A query against <see cref="ByteRecords"/>: signed bytes, and the numbers that turn an integer product into a distance.</summary>
internal sealed unsafe class ByteQuery(ByteRecords records) : IDisposable
{
    private readonly AlignedBuffer<sbyte> _codes = new(records.Size);

    public Span<sbyte> Codes => _codes.Span;

    public sbyte* Pointer => _codes.Pointer;

    /// <summary>What a signed code of 0 stands for.</summary>
    public float Low { get; private set; }

    /// <summary>What one step of a code stands for.</summary>
    public float Step { get; private set; }

    /// <summary>The sum of the query's numbers, as coded.</summary>
    public float Total { get; private set; }

    /// <summary>The squared norm, where distances need it.</summary>
    public float Norm { get; private set; }

    public void Set(float low, float step, float sum, int dimension, float norm) =>
        (Low, Step, Total, Norm) = (low, step, dimension * low + step * sum, norm);

    public void Dispose() => _codes.Dispose();
}

using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>The working memory of one search in an IVF-PQ index; grows to what its searches need.</summary>
internal sealed class IvfPqScratch : IDisposable
{
    public Panels Left { get; } = Panels.Left();

    public Panels SubLeft { get; } = Panels.Left();

    public PqScan Scan { get; } = new();

    public float[] Queries = [];

    public float[] Offsets = [];

    public Candidate[] Probes = [];

    public Candidate[] Answers = [];

    public AlignedBuffer<float> Tables { get; private set; } = new(0);

    public static Span<T> Room<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[length];
        return array.AsSpan(0, length);
    }

    public AlignedBuffer<float> TableRoom(long length)
    {
        if (Tables.Length < length)
        {
            Tables.Dispose();
            Tables = new AlignedBuffer<float>(length);
        }

        return Tables;
    }

    public void Dispose()
    {
        Left.Dispose();
        SubLeft.Dispose();
        Scan.Dispose();
        Tables.Dispose();
    }
}

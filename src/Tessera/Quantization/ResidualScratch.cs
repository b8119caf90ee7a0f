using Tessera.Kernels;

namespace Tessera.Quantization;

/// <summary>What one thread needs to code a block of vectors level after level.</summary>
internal sealed class ResidualScratch : IDisposable
{
    private float[] _residuals = [];
    private float[] _products = [];
    private float[] _scores = [];
    private float[] _best = [];
    private int[] _index = [];
    private Candidate[] _heap = [];

    public Panels Left { get; } = Panels.Left();

    public Panels Right { get; } = Panels.Right();

    public Span<float> Residuals(int count) => Room(ref _residuals, count);

    public Span<float> Products(int count) => Room(ref _products, count);

    public Span<float> Scores(int count) => Room(ref _scores, count);

    public Span<Candidate> Heap(int count) => Room(ref _heap, count);

    public (float[] Best, int[] Index) Nearest(int count)
    {
        Room(ref _best, count);
        Room(ref _index, count);
        return (_best, _index);
    }

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }

    private static Span<T> Room<T>(ref T[] room, int count)
    {
        if (room.Length < count)
            room = new T[count];
        return room.AsSpan(0, count);
    }
}

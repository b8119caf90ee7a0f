using Tessera.Kernels;

namespace Tessera.Quantization;

/// <summary>What one thread needs to code a block of vectors.</summary>
internal sealed class EncodeScratch(int block) : IDisposable
{
    private readonly int _room = (block + Panels.RightWidth - 1) / Panels.RightWidth * Panels.RightWidth;
    private float[] _norms = [];
    private float[]? _best;
    private int[]? _index;

    public Panels Right { get; } = Panels.Right();

    public float[] Best => _best ??= new float[_room];

    public int[] Index => _index ??= new int[_room];

    public Span<float> Norms(int count)
    {
        if (_norms.Length < count)
            _norms = new float[count];
        return _norms.AsSpan(0, count);
    }

    public void Dispose() => Right.Dispose();
}

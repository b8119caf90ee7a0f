using System.Collections.Concurrent;
using Tessera.Kernels;

namespace Tessera.Quantization;

/// <summary>Working memory of one thread that looks for nearest entries; kept for the next one.</summary>
internal sealed class CodebookScratch : IDisposable
{
    private static readonly ConcurrentBag<CodebookScratch> Pool = [];

    private float[] _scores = [];
    private int _entries;

    private CodebookScratch()
    {
    }

    public Panels Right { get; } = Panels.Right();

    public float[] Best { get; private set; } = [];

    public float[] Second { get; private set; } = [];

    public int[] Index { get; private set; } = [];

    public Span<float> Scores => _scores.AsSpan(0, _entries);

    /// <summary>Room for a block of vectors and the scores of all entries.</summary>
    public static CodebookScratch Rent(int block, int entries)
    {
        if (!Pool.TryTake(out CodebookScratch? scratch))
            scratch = new CodebookScratch();
        int room = (block + Panels.RightWidth - 1) / Panels.RightWidth * Panels.RightWidth;
        if (scratch.Best.Length < room)
            (scratch.Best, scratch.Second, scratch.Index) = (new float[room], new float[room], new int[room]);
        if (scratch._scores.Length < entries)
            scratch._scores = new float[entries];
        scratch._entries = entries;
        return scratch;
    }

    /// <summary>Gives it back.</summary>
    public void Dispose() => Pool.Add(this);
}

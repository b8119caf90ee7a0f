using Tessera.Kernels;

namespace Tessera.Quantization;

/// <summary>The best partial codes of some vectors, best first, as many for each.</summary>
internal sealed class PathBeams(int vectors, int most, int levels)
{
    private readonly float[] _scores = new float[vectors * most];
    private readonly ushort[] _numbers = new ushort[vectors * most * levels];
    private readonly ushort[] _before = new ushort[most * levels];

    /// <summary>Partial codes of each vector so far: one, the empty one, before the first level.</summary>
    public int Width { get; private set; } = 1;

    public float Score(int vector, int path) => _scores[vector * most + path];

    public ReadOnlySpan<ushort> Numbers(int vector, int path) => _numbers.AsSpan((vector * most + path) * levels, levels);

    /// <summary>Replaces a vector's partial codes by their best continuations.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="level">The level that continues them.</param>
    /// <param name="best">Continuations, best first; the ordinal is path * centroids + entry.</param>
    /// <param name="centroids">Entries of the level.</param>
    public void Continue(int vector, int level, ReadOnlySpan<Candidate> best, int centroids)
    {
        Span<ushort> numbers = _numbers.AsSpan(vector * most * levels, most * levels);
        numbers.CopyTo(_before);
        for (int path = 0; path < best.Length; path++)
        {
            Span<ushort> target = numbers.Slice(path * levels, levels);
            _before.AsSpan(best[path].Ordinal / centroids * levels, level).CopyTo(target);
            target[level] = (ushort)(best[path].Ordinal % centroids);
            _scores[vector * most + path] = best[path].Distance;
        }
    }

    /// <summary>Counts the continuations, once all vectors have theirs.</summary>
    public void Widen(int centroids) => Width = (int)Math.Min(most, (long)Width * centroids);
}

using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>
/// Chooses the codes of vectors by codebooks of which each takes what the ones before left. With a beam of 1 the nearest
/// entry is taken away level after level. With a wider one, the best partial codes are kept at each level; a vector's products
/// with all entries are then taken once, and what the entries chosen so far change of them comes from tables of the entries'
/// products with each other (as FAISS's lookup tables).
/// </summary>
internal sealed class ResidualEncoder : IDisposable
{
    /// <summary>Entries up to which their products with each other are kept: 64 MiB.</summary>
    private const int MostTabled = 4096;

    private readonly float[] _codebooks;
    private readonly float[] _norms;
    private readonly float[]? _crossed;
    private readonly Panels[] _panels;
    private readonly int _dimension;
    private readonly int _centroids;
    private readonly int _beam;

    /// <param name="codebooks">Entries of all levels, one after the other.</param>
    /// <param name="dimension">Numbers in an entry.</param>
    /// <param name="centroids">Entries of a level.</param>
    /// <param name="beam">Partial codes kept.</param>
    /// <param name="tables">Whether products of entries may be kept; without, the residuals of all partial codes are multiplied with each codebook.</param>
    public ResidualEncoder(float[] codebooks, int dimension, int centroids, int beam, bool tables = true)
    {
        (_codebooks, _dimension, _centroids, _beam) = (codebooks, dimension, centroids, beam);
        int entries = codebooks.Length / dimension, levels = entries / centroids;
        _norms = new float[entries];
        Distance.SquaredNorms(codebooks, dimension, _norms);
        if (beam == 1)
        {
            _panels = [.. Enumerable.Range(0, levels).Select(level => Panels.Left(Level(codebooks, level), centroids, dimension))];
            return;
        }

        float[] scaled = Array.ConvertAll(codebooks, number => -2 * number);
        _panels = [.. Enumerable.Range(0, levels).Select(level => Panels.Right(Level(scaled, level), centroids, dimension))];
        if (!tables || entries > MostTabled)
            return;
        _crossed = new float[entries * entries];
        using Panels left = Panels.Left(codebooks, entries, dimension), right = Panels.Right(codebooks, entries, dimension);
        MatrixProduct.Store(left, right, _crossed);
        for (int i = 0; i < _crossed.Length; i++)
            _crossed[i] *= 2;
    }

    public int Levels => _panels.Length;

    public long Bytes => ((long)_norms.Length + (_crossed?.Length ?? 0)) * sizeof(float) + _panels.Sum(panels => panels.Bytes);

    /// <summary>Vectors to code in one call, so that what is kept of them stays in the cache.</summary>
    public int BlockSize => _beam == 1
        ? MatrixProduct.BlockSize(_dimension)
        : Math.Clamp(131_072 / (_centroids * (_crossed is null ? _beam : Levels)), 1, 64);

    /// <summary>Codes vectors to one number for each level, blocks shared out among threads.</summary>
    public void Encode(Matrix vectors, ushort[] numbers, int threads, CancellationToken cancellationToken)
    {
        var scratch = new ResidualScratch?[Workers.Count(threads)];
        try
        {
            Workers.For((vectors.Rows + BlockSize - 1) / BlockSize, threads, (block, worker) =>
            {
                int start = block * BlockSize, count = Math.Min(BlockSize, vectors.Rows - start);
                Encode(vectors.Slice(start, count).Span, count, numbers.AsSpan(start * Levels, count * Levels), scratch[worker] ??= new ResidualScratch());
            }, cancellationToken);
        }
        finally
        {
            foreach (ResidualScratch? each in scratch)
                each?.Dispose();
        }
    }

    /// <summary>Codes rows, at most <see cref="BlockSize"/>, to one number for each level.</summary>
    public void Encode(ReadOnlySpan<float> rows, int count, Span<ushort> numbers, ResidualScratch scratch)
    {
        if (_beam == 1)
            TakeNearest(rows[..(count * _dimension)], count, numbers, scratch);
        else
            FollowBeams(rows[..(count * _dimension)], count, numbers, scratch);
    }

    public void Dispose()
    {
        foreach (Panels panels in _panels)
            panels.Dispose();
    }

    private void TakeNearest(ReadOnlySpan<float> rows, int count, Span<ushort> numbers, ResidualScratch scratch)
    {
        Span<float> residuals = scratch.Residuals(rows.Length);
        rows.CopyTo(residuals);
        for (int level = 0; level < Levels; level++)
        {
            Panels right = scratch.Right.Pack(residuals, count, _dimension, _dimension);
            (Span<float> best, Span<int> index) = scratch.Nearest(right.PanelCount * Panels.RightWidth);
            NearestLeft.Find(_panels[level], _norms.AsSpan(level * _centroids), right, 0, right.PanelCount, best, index);
            for (int i = 0; i < count; i++)
            {
                numbers[i * Levels + level] = (ushort)index[i];
                if (level < Levels - 1)
                    Accumulate.AddScaled(residuals.Slice(i * _dimension, _dimension), -1, Entry(level, index[i]));
            }
        }
    }

    private void FollowBeams(ReadOnlySpan<float> rows, int count, Span<ushort> numbers, ResidualScratch scratch)
    {
        var beams = new PathBeams(count, _beam, Levels);
        if (_crossed is not null)
            scratch.Left.Pack(rows, count, _dimension, _dimension);
        Span<float> scores = scratch.Scores(_centroids);
        Span<Candidate> heap = scratch.Heap(_beam);
        for (int level = 0; level < Levels; level++)
        {
            if (_crossed is null)
                PackResiduals(rows, beams, level, scratch);
            // With tables one product row for each vector, without one for each of its paths.
            int each = _crossed is null ? beams.Width : 1;
            Span<float> products = scratch.Products(scratch.Left.Count * _centroids);
            MatrixProduct.Store(scratch.Left, _panels[level], products);
            for (int i = 0; i < count; i++)
            {
                var nearest = new TopK(heap);
                for (int path = 0; path < beams.Width; path++)
                {
                    int row = i * each + (each == 1 ? 0 : path);
                    PathScores.Start(beams.Score(i, path), _norms.AsSpan(level * _centroids), products[(row * _centroids)..], scores);
                    if (_crossed is not null)
                        AddCrossed(beams.Numbers(i, path), level, scores);
                    nearest.PushAll(scores, path * _centroids);
                }

                beams.Continue(i, level, nearest.Sort(), _centroids);
            }

            beams.Widen(_centroids);
        }

        for (int i = 0; i < count; i++)
            beams.Numbers(i, 0).CopyTo(numbers[(i * Levels)..]);
    }

    /// <summary>What the entries chosen on the levels before change of the products with a level's entries.</summary>
    private void AddCrossed(ReadOnlySpan<ushort> numbers, int level, Span<float> scores)
    {
        for (int before = 0; before < level; before++)
        {
            long row = (long)(before * _centroids + numbers[before]) * _norms.Length;
            Accumulate.AddScaled(scores, 1, _crossed.AsSpan((int)(row + level * _centroids), _centroids));
        }
    }

    private void PackResiduals(ReadOnlySpan<float> rows, PathBeams beams, int level, ResidualScratch scratch)
    {
        int paths = rows.Length / _dimension * beams.Width;
        Span<float> residuals = scratch.Residuals(paths * _dimension);
        for (int at = 0; at < paths; at++)
        {
            Span<float> residual = residuals.Slice(at * _dimension, _dimension);
            rows.Slice(at / beams.Width * _dimension, _dimension).CopyTo(residual);
            for (int before = 0; before < level; before++)
                Accumulate.AddScaled(residual, -1, Entry(before, beams.Numbers(at / beams.Width, at % beams.Width)[before]));
        }

        scratch.Left.Pack(residuals, paths, _dimension, _dimension);
    }

    private ReadOnlySpan<float> Level(float[] codebooks, int level) =>
        codebooks.AsSpan(level * _centroids * _dimension, _centroids * _dimension);

    private ReadOnlySpan<float> Entry(int level, int number) =>
        _codebooks.AsSpan((level * _centroids + number) * _dimension, _dimension);
}

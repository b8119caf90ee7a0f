using System.Numerics.Tensors;
using Tessera.Clustering;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Codes;

/// <summary>
/// Codebooks of any sizes, one after the other: the nearest entry of the first is taken away from a vector, the nearest of the
/// second from what is left, and so on. With scales, what is left is brought to length 1 before each level.
/// </summary>
internal sealed class ResidualLevels
{
    /// <summary>Vectors that one call of the exact balance gets: their distances to 256 entries are 256 MB.</summary>
    private const int BalancedDistances = 1 << 26;

    /// <summary>A batch may give a code this often though its share is less: few vectors say nothing about balance.</summary>
    private const int AlwaysAllowed = 8;

    private readonly Codebook[] _codebooks;
    private readonly float[]? _scales;

    /// <param name="codebooks">One for each level, all of one dimension.</param>
    /// <param name="scales">The mean length of what reaches each level, or null where nothing is scaled.</param>
    public ResidualLevels(IReadOnlyList<Matrix> codebooks, float[]? scales = null)
    {
        _codebooks = [.. codebooks.Select(entries => new Codebook(entries))];
        _scales = scales;
    }

    public int Count => _codebooks.Length;

    public int Dimension => _codebooks[0].Entries.Dimension;

    public IReadOnlyList<float>? Scales => _scales;

    public Matrix Entries(int level) => _codebooks[level].Entries;

    /// <summary>Takes the nearest entries, level after level.</summary>
    public SemanticCodes Encode(Matrix vectors, int threads, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var codes = new int[checked(vectors.Rows * Count)];
        int block = _codebooks[0].BlockSize;
        long done = 0;
        Parallel.For(0, (vectors.Rows + block - 1) / block, Threads(threads, cancellationToken), number =>
        {
            int start = number * block, count = Math.Min(block, vectors.Rows - start);
            EncodeBlock(vectors.Slice(start, count), codes.AsSpan(start * Count, count * Count));
            progress?.Report(new TrainingProgress("encoding", Interlocked.Add(ref done, count), vectors.Rows));
        });
        return new SemanticCodes(codes, Count);
    }

    /// <summary>Gives every code of a level out as often as the others, at the least sum of squared distances that this allows.</summary>
    public SemanticCodes EncodeEvenly(Matrix vectors, int threads, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var codes = new int[checked(vectors.Rows * Count)];
        Matrix residuals = vectors;
        for (int level = 0; level < Count; level++)
        {
            residuals = Scaled(residuals);
            int[] nearest = AssignEvenly(Entries(level), residuals, threads, cancellationToken);
            for (int i = 0; i < nearest.Length; i++)
                codes[i * Count + level] = nearest[i];
            residuals = Without(residuals, level, nearest);
            progress?.Report(new TrainingProgress("encoding", level + 1, Count));
        }

        return new SemanticCodes(codes, Count);
    }

    /// <summary>What a level's entries leave of vectors.</summary>
    public Matrix Without(Matrix vectors, int level, ReadOnlySpan<int> nearest)
    {
        var left = new float[vectors.Span.Length];
        for (int i = 0; i < vectors.Rows; i++)
            TensorPrimitives.Subtract(vectors[i], Entries(level)[nearest[i]], left.AsSpan(i * Dimension, Dimension));
        return new Matrix(left, Dimension);
    }

    /// <summary>The vectors that codes stand for; levels that are missing add nothing.</summary>
    public Matrix Decode(SemanticCodes codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        if (codes.Levels > Count)
            throw new ArgumentException($"The codes have {codes.Levels} levels, the model {Count}.", nameof(codes));
        var values = new float[checked(codes.Rows * Dimension)];
        for (int i = 0; i < codes.Rows; i++)
        {
            Span<float> vector = values.AsSpan(i * Dimension, Dimension);
            float scale = 1;
            for (int level = 0; level < codes.Levels; level++)
            {
                int code = codes[i, level];
                if (code >= Entries(level).Rows)
                    throw new ArgumentException($"Row {i} has code {code} on level {level}, which has {Entries(level).Rows} codes.", nameof(codes));
                scale *= _scales?[level] ?? 1;
                TensorPrimitives.MultiplyAdd(Entries(level)[code], scale, vector, vector);
            }
        }

        return new Matrix(values, Dimension);
    }

    /// <summary>Codes that differ on the last level alone, nearest first.</summary>
    public SemanticCodes NextBest(ReadOnlySpan<float> vector, ReadOnlySpan<int> codes, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (codes.Length != Count || vector.Length != Dimension)
            throw new ArgumentException($"{codes.Length} codes of {vector.Length} numbers; the model has {Count} levels and vectors of {Dimension} numbers.", nameof(codes));
        float[] residual = vector.ToArray();
        int last = Count - 1;
        for (int level = 0; level < last; level++)
        {
            Scale(residual);
            TensorPrimitives.Subtract(residual, Entries(level)[codes[level]], residual);
        }

        Scale(residual);
        var distances = new double[Entries(last).Rows];
        _codebooks[last].Distances(residual, distances);
        int[] order = [.. Enumerable.Range(0, distances.Length)];
        // The sort is not stable, but no two keys are equal.
        Array.Sort(order, (a, b) => distances[a] != distances[b] ? distances[a].CompareTo(distances[b]) : a.CompareTo(b));
        int own = codes[last];
        int[] others = [.. order.Where(code => code != own).Take(count)];
        var values = new int[others.Length * Count];
        for (int i = 0; i < others.Length; i++)
        {
            codes.CopyTo(values.AsSpan(i * Count, Count));
            values[i * Count + last] = others[i];
        }

        return new SemanticCodes(values, Count);
    }

    /// <summary>Vectors in balance, in blocks that fit into memory.</summary>
    public static int[] AssignEvenly(Matrix entries, Matrix vectors, int threads, CancellationToken cancellationToken)
    {
        if (vectors.Rows < AlwaysAllowed * entries.Rows)
        {
            int[] capacities = [.. Enumerable.Repeat(AlwaysAllowed, entries.Rows)];
            return BalancedAssignment.Within(entries, vectors, capacities, threads, cancellationToken);
        }

        var nearest = new int[vectors.Rows];
        var sizes = new int[entries.Rows];
        int block = Math.Max(1, BalancedDistances / entries.Rows);
        for (int start = 0; start < vectors.Rows; start += block)
        {
            int count = Math.Min(block, vectors.Rows - start);
            int[] given = BalancedAssignment.Even(entries, vectors.Slice(start, count), sizes, threads, cancellationToken);
            given.CopyTo(nearest, start);
            foreach (int code in given)
                sizes[code]++;
        }

        return nearest;
    }

    public static ParallelOptions Threads(int threads, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        return new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? -1 : threads, CancellationToken = cancellationToken };
    }

    private void EncodeBlock(Matrix vectors, Span<int> codes)
    {
        float[] residuals = vectors.Span.ToArray();
        var view = new Matrix(residuals, Dimension);
        Span<int> nearest = new int[vectors.Rows];
        for (int level = 0; level < Count; level++)
        {
            for (int i = 0; i < vectors.Rows && _scales is not null; i++)
                Inputs.Normalise(residuals.AsSpan(i * Dimension, Dimension));
            _codebooks[level].Nearest(view, nearest);
            for (int i = 0; i < vectors.Rows; i++)
            {
                codes[i * Count + level] = nearest[i];
                Span<float> residual = residuals.AsSpan(i * Dimension, Dimension);
                TensorPrimitives.Subtract(residual, Entries(level)[nearest[i]], residual);
            }
        }
    }

    private Matrix Scaled(Matrix vectors) => _scales is null ? vectors : Inputs.Normalised(vectors, new float[vectors.Rows]);

    private void Scale(Span<float> vector)
    {
        if (_scales is not null)
            Inputs.Normalise(vector);
    }
}

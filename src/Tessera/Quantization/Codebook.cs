using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>
/// Entries that vectors are replaced by, any number of them, chosen alike on every machine: the nearest entry is the one with
/// the least squared distance in double precision, summed in one order, ties to the lower number. A matrix product finds it;
/// where rounding could have decided, the distances that are close are taken anew.
/// Not where the last bit does not matter: a <see cref="ProductQuantizer"/> codes far faster.
/// Time O(d) for each vector and entry, at the speed of the matrix product.
/// </summary>
public sealed class Codebook
{
    /// <summary>Half the distance between 1 and the next float: the largest relative error of one rounding.</summary>
    private const double Rounding = 1.0 / (1 << 24);

    private readonly Panels _panels;
    private readonly float[] _norms;
    private readonly double _longest;

    /// <summary>Wraps entries.</summary>
    /// <param name="entries">One row for each, at least one; all numbers finite, and of size 1e15 at most.</param>
    /// <exception cref="ArgumentException">There are no entries, or a number is out of range.</exception>
    public Codebook(Matrix entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Rows == 0)
            throw new ArgumentException("There are no entries; at least 1 is needed.", nameof(entries));
        VectorChecks.RequireMeasurable(entries, Metric.L2, nameof(entries));
        Entries = entries;
        _panels = Panels.Left(entries.Span, entries.Rows, entries.Dimension);
        _norms = new float[entries.Rows];
        Distance.SquaredNorms(entries.Span, entries.Dimension, _norms);
        _longest = Math.Sqrt(_norms.Max());
    }

    /// <summary>The entries, one a row.</summary>
    public Matrix Entries { get; }

    /// <summary>A number of vectors to code in one call that keeps them in the cache.</summary>
    public int BlockSize => MatrixProduct.BlockSize(Entries.Dimension);

    /// <summary>Finds the nearest entry of each vector, on the calling thread. Several threads may call at once.</summary>
    /// <param name="vectors">Rows of the entries' dimension, all numbers finite and of size 1e15 at most (not checked here, where vectors pass level after level).</param>
    /// <param name="nearest">Receives one entry's number for each row.</param>
    /// <exception cref="ArgumentException">The dimension or the room is wrong.</exception>
    public void Nearest(Matrix vectors, Span<int> nearest)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        Require(vectors.Dimension, nameof(vectors));
        if (nearest.Length != vectors.Rows)
            throw new ArgumentException($"There is room for {nearest.Length} numbers, but there are {vectors.Rows} vectors.", nameof(nearest));
        using CodebookScratch scratch = CodebookScratch.Rent(BlockSize, Entries.Rows);
        for (int start = 0; start < vectors.Rows; start += BlockSize)
        {
            int count = Math.Min(BlockSize, vectors.Rows - start);
            Nearest(vectors.Slice(start, count), nearest.Slice(start, count), scratch);
        }
    }

    /// <summary>The squared distances of one vector to all entries, the same bits on every machine.</summary>
    /// <param name="vector">As many numbers as an entry has.</param>
    /// <param name="distances">Receives one for each entry.</param>
    /// <exception cref="ArgumentException">The dimension or the room is wrong.</exception>
    public void Distances(ReadOnlySpan<float> vector, Span<double> distances)
    {
        Require(vector.Length, nameof(vector));
        if (distances.Length != Entries.Rows)
            throw new ArgumentException($"There is room for {distances.Length} numbers, but there are {Entries.Rows} entries.", nameof(distances));
        for (int entry = 0; entry < distances.Length; entry++)
            distances[entry] = Repeatable.SquaredL2(vector, Entries[entry]);
    }

    private void Nearest(Matrix block, Span<int> nearest, CodebookScratch scratch)
    {
        scratch.Right.Pack(block.Span, block.Rows, block.Dimension, block.Dimension);
        NearestLeft.FindTwo(_panels, _norms, scratch.Right, scratch.Best, scratch.Second, scratch.Index);
        for (int i = 0; i < block.Rows; i++)
        {
            double error = Error(block[i]);
            nearest[i] = (double)scratch.Second[i] - scratch.Best[i] > 2 * error
                ? scratch.Index[i]
                : Decide(block[i], 2 * error, scratch.Scores);
        }
    }

    /// <summary>
    /// A bound on the error of |c|^2 - 2 x . c: a sum of d products errs by (d + 1) roundings of the product of the lengths at
    /// most (Higham, Accuracy and Stability of Numerical Algorithms, 3.1), whatever the order and with or without fused
    /// additions; doubled for the roundings of the lengths themselves.
    /// </summary>
    private double Error(ReadOnlySpan<float> vector)
    {
        double length = Math.Sqrt(Distance.Dot(vector, vector));
        return 2 * (vector.Length + 4) * Rounding * (_longest * _longest + 2 * length * _longest);
    }

    /// <summary>The nearest entry in double precision among those whose score is close to the least.</summary>
    private int Decide(ReadOnlySpan<float> vector, double margin, Span<float> scores)
    {
        Distance.Dots(vector, Entries.Span, scores);
        float least = float.PositiveInfinity;
        for (int entry = 0; entry < scores.Length; entry++)
        {
            scores[entry] = _norms[entry] - 2 * scores[entry];
            least = Math.Min(least, scores[entry]);
        }

        int nearest = -1;
        double shortest = double.PositiveInfinity;
        for (int entry = 0; entry < scores.Length; entry++)
        {
            if (scores[entry] - (double)least > margin)
                continue;
            double distance = Repeatable.SquaredL2(vector, Entries[entry]);
            if (distance < shortest)
                (nearest, shortest) = (entry, distance);
        }

        return nearest;
    }

    private void Require(int dimension, string name)
    {
        if (dimension != Entries.Dimension)
            throw new ArgumentException($"The dimension is {dimension}, but the entries' is {Entries.Dimension}.", name);
    }
}

using System.Numerics.Tensors;
using Tessera.SemanticIds.Codes;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Quality;

/// <summary>How good codes are as ids (do items share them?), as a code (are all used, what is lost?) and as a map (do neighbours share prefixes?).</summary>
/// <param name="Items">Items measured.</param>
/// <param name="UniqueCodes">Different codes among them.</param>
/// <param name="CollidingShare">Share of the items that have their codes in common with another.</param>
/// <param name="Entropy">Bits that the whole codes carry; at most log2 of the items.</param>
/// <param name="Levels">How each level is used.</param>
/// <param name="Error">Mean squared distance between vectors and what their codes decode to.</param>
/// <param name="RelativeError">The error as a share of the vectors' mean squared distance to their mean: 0 loses nothing, 1 says nothing.</param>
/// <param name="K">Neighbours K of the two measures that follow.</param>
/// <param name="Recall">Share of the K nearest items that are among the K items of the longest common prefixes, as expected over the orders of those that tie.</param>
/// <param name="Ndcg">The same with places weighed by 1 / log2(place + 1): normalised discounted cumulative gain.</param>
/// <param name="Spearman">Rank correlation between distances of vectors and of codes (levels without the common prefix) over pairs of items.</param>
public sealed record SemanticIdQuality(
    int Items, int UniqueCodes, double CollidingShare, double Entropy, IReadOnlyList<LevelUse> Levels, double Error, double RelativeError, int K, double Recall, double Ndcg, double Spearman)
{
    /// <summary>1 - unique / items: the share of items that would need a suffix.</summary>
    public double CollisionRate => 1 - (double)UniqueCodes / Items;

    /// <summary>Measures an encoder on vectors.</summary>
    /// <param name="encoder">Fitted.</param>
    /// <param name="vectors">At least two rows.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="nextBest">Most next-best codes that an item tries whose own are taken (<see cref="SemanticEncoder.Separate"/>); 0 tries none.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="cancellationToken">Stops within a block of vectors.</param>
    /// <exception cref="ArgumentException">There are too few vectors, or a setting is out of range.</exception>
    public static SemanticIdQuality Measure(SemanticEncoder encoder, Matrix vectors, QualityOptions? options = null, int nextBest = 0, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        SemanticCodes codes = encoder.Encode(vectors, threads, null, cancellationToken);
        if (nextBest > 0)
            codes = encoder.Separate(vectors, codes, nextBest, cancellationToken);
        return Measure(vectors, codes, encoder.Clusters, encoder.Decode(codes), options, threads, cancellationToken);
    }

    /// <summary>Measures codes.</summary>
    /// <param name="vectors">At least two rows.</param>
    /// <param name="codes">One row for each vector.</param>
    /// <param name="clusters">Codes that each level has.</param>
    /// <param name="decoded">What the codes decode to.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="cancellationToken">Stops between queries.</param>
    /// <exception cref="ArgumentException">There are too few vectors, the parts do not fit each other, or a setting is out of range.</exception>
    public static SemanticIdQuality Measure(
        Matrix vectors, SemanticCodes codes, IReadOnlyList<int> clusters, Matrix decoded, QualityOptions? options = null, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(clusters);
        ArgumentNullException.ThrowIfNull(decoded);
        options ??= new QualityOptions();
        options.Validate();
        if (vectors.Rows < 2)
            throw new ArgumentException($"There are {vectors.Rows} vectors; at least 2 are needed to compare any.", nameof(vectors));
        if (codes.Rows != vectors.Rows || decoded.Rows != vectors.Rows || decoded.Dimension != vectors.Dimension || clusters.Count != codes.Levels)
        {
            throw new ArgumentException(
                $"{codes.Rows} codes of {codes.Levels} levels and {decoded.Rows} decoded vectors of dimension {decoded.Dimension} "
                + $"do not fit {vectors.Rows} vectors of dimension {vectors.Dimension} and {clusters.Count} levels.",
                nameof(codes));
        }

        int[] sizes = [.. Enumerable.Range(0, codes.Rows).GroupBy(row => codes[row].ToArray(), CodeComparer.Instance).Select(group => group.Count())];
        (double recall, double ndcg) = new NeighborQuality(vectors, codes, options, threads).Measure(cancellationToken);
        double error = MeanSquaredDistance(vectors, decoded);
        return new SemanticIdQuality(
            codes.Rows,
            sizes.Length,
            (double)sizes.Where(size => size > 1).Sum() / codes.Rows,
            EntropyOf(sizes),
            [.. clusters.Select((count, level) => Use(codes, level, count))],
            error,
            error / Math.Max(double.Epsilon, Spread(vectors)),
            options.K,
            recall,
            ndcg,
            DistanceCorrelation.Measure(vectors, codes, options));
    }

    private static LevelUse Use(SemanticCodes codes, int level, int clusters)
    {
        var sizes = new int[clusters];
        for (int row = 0; row < codes.Rows; row++)
            sizes[codes[row, level]]++;
        return new LevelUse(clusters, sizes.Count(size => size > 0), EntropyOf(sizes), sizes.Max());
    }

    private static double EntropyOf(int[] sizes)
    {
        double all = sizes.Sum(size => (double)size);
        return sizes.Where(size => size > 0).Sum(size => size / all * Math.Log2(all / size));
    }

    private static double MeanSquaredDistance(Matrix vectors, Matrix decoded)
    {
        double sum = 0;
        for (int row = 0; row < vectors.Rows; row++)
            sum += Math.Pow(TensorPrimitives.Distance(vectors[row], decoded[row]), 2);
        return sum / vectors.Rows;
    }

    /// <summary>The mean squared distance to the mean.</summary>
    private static double Spread(Matrix vectors)
    {
        var mean = new float[vectors.Dimension];
        for (int row = 0; row < vectors.Rows; row++)
            TensorPrimitives.MultiplyAdd(vectors[row], 1f / vectors.Rows, mean, mean);
        double sum = 0;
        for (int row = 0; row < vectors.Rows; row++)
            sum += Math.Pow(TensorPrimitives.Distance(vectors[row], mean), 2);
        return sum / vectors.Rows;
    }
}

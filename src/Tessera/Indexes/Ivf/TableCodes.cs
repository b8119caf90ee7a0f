using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// How an index codes what it scans by tables: a code has a number for each part, and stands for entries of the parts'
/// codebooks, one of each, so that its product with a query is a sum of one table entry for each part.
/// </summary>
internal abstract class TableCodes
{
    /// <summary>Untrained codes of the kind that options ask for.</summary>
    public static TableCodes Of(int dimension, IvfPqOptions options) =>
        options.Levels > 0 ? new ResidualCodes(dimension, options) : new ProductCodes(dimension, options);

    /// <summary>All entries, part after part.</summary>
    public abstract Matrix Codebooks { get; }

    /// <summary>The dimension that each place of the codes takes; empty when they take all as they are given.</summary>
    public virtual ReadOnlySpan<int> Order => [];

    public abstract long Bytes { get; }

    /// <summary>Learns the codebooks.</summary>
    public abstract void Train(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Takes over what was learned before.</summary>
    /// <param name="codebooks">As <see cref="Codebooks"/> gave them.</param>
    /// <param name="order">As <see cref="Order"/> gave it; null for none.</param>
    public abstract void Restore(float[] codebooks, DimensionOrder? order);

    /// <summary>What one thread codes vectors with.</summary>
    /// <param name="block">Most rows at a time.</param>
    public abstract ITableEncoder NewEncoder(int block);

    /// <summary>What the numbers of one code stand for.</summary>
    public abstract void Decode(ReadOnlySpan<ushort> numbers, Span<float> vector);

    /// <summary>The negated inner products of queries with every codebook entry: parts * 2^bits numbers for each query.</summary>
    public abstract void NegatedTables(ReadOnlySpan<float> queries, int count, Panels scratch, AlignedBuffer<float> tables);
}
